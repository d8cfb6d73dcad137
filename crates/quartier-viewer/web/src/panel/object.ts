import { address, itemPath } from '../address';
import { describe, nameOf, type Row } from '../describe';
import { byId, element, icon } from '../dom';
import { language, text } from '../language';
import { type Collection, type Item, type ObjectName, type Schema, titleOf } from '../model';
import type { TextKey } from '../texts';

/** An object that is shown, with the others at the same place. */
export interface Shown {
  name: ObjectName;
  collection: Collection;
  schema: Schema;
  item: Item;
  others: { name: ObjectName; label: string; title: string }[];
  /** What its sensors say. */
  readings?: HTMLElement;
}

export interface Deeds {
  close: () => void;
  zoom: () => void;
  open: (name: ObjectName) => void;
  /** A collection's, for people. */
  titleOf: (collection: string) => string;
}

/** Fills the panel with everything that is known about the object. */
export function showObject(shown: Shown, deeds: Deeds): void {
  const { name, collection, schema, item, others, readings } = shown;
  const properties = item.properties ?? {};
  const words = { language: language(), yes: text('yes'), no: text('no') };
  const rows = describe(properties, schema, words);
  const title = nameOf(name.id, properties, schema);
  const head = element(
    'div',
    { class: 'object-head' },
    element('p', { class: 'eyebrow' }, titleOf(collection)),
    element('h2', {}, title),
    ...(title === name.id ? [] : [element('p', { class: 'id' }, name.id)]),
    button('zoomTo', 'target', deeds.zoom),
    button('close', 'close', deeds.close),
  );
  const open = element('a', { class: 'open', href: address(itemPath(name.collection, name.id)) });
  open.textContent = text('open');
  const link = element('p', { class: 'object-foot' }, open);
  const body = element(
    'div',
    { class: 'object-body' },
    ...(readings ? [readings] : []),
    table(rows),
    ...hereToo('hereToo', others, deeds.open),
  );
  reveal(head, body, link);
}

/** Says instead of an object why there is none. */
export function showMissing(key: TextKey, close: () => void): void {
  const note = element('p', { class: 'note' }, text(key));
  const head = element('div', { class: 'object-head' }, note, button('close', 'close', close));
  reveal(head);
}

export function hideObject(): void {
  byId('object').hidden = true;
  document.body.classList.remove('has-object');
}

export function isObjectShown(): boolean {
  return !byId('object').hidden;
}

export function reveal(...children: HTMLElement[]): void {
  const panel = byId('object');
  panel.replaceChildren(...children);
  panel.scrollTop = 0;
  panel.hidden = false;
  document.body.classList.add('has-object');
}

function table(rows: Row[]): HTMLElement {
  return element('dl', {}, ...rows.flatMap((row) => [term(row), definition(row)]));
}

function term({ name, label }: Row): HTMLElement {
  return element('dt', { title: name }, label);
}

function definition({ value, unit, code, href }: Row): HTMLElement {
  if (value === undefined) return element('dd', { class: 'none' }, '–');
  const shown = href ? element('a', { href, rel: 'noopener noreferrer' }, value) : value;
  const made = element('dd', {}, shown);
  if (unit) made.append(' ', element('span', { class: 'unit' }, unit));
  if (code) made.append(' ', element('code', { title: text('code') }, code));
  return made;
}

/** A list of objects that can be opened. */
export function hereToo(key: TextKey, others: Shown['others'], open: Deeds['open']): HTMLElement[] {
  if (others.length === 0) return [];
  const entries = others.map(({ name, label, title }) => {
    const made = element('button', { type: 'button' }, label, element('small', {}, title));
    made.addEventListener('click', () => open(name));
    return element('li', {}, made);
  });
  return [
    element('h3', { class: 'caption' }, text(key)),
    element('ul', { class: 'others' }, ...entries),
  ];
}

export function button(key: TextKey, sign: string, act: () => void): HTMLButtonElement {
  const label = text(key);
  const made = element('button', { type: 'button', class: `quiet ${key}`, title: label });
  made.ariaLabel = label;
  made.append(icon(sign));
  made.addEventListener('click', act);
  return made;
}
