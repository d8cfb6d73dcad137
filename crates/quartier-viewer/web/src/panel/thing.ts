import { address } from '../address';
import { element } from '../dom';
import { text } from '../language';
import { entityPath } from '../live/history';
import type { Reading } from '../live/model';
import type { Deeds, Shown } from './object';
import { button, hereToo, reveal } from './object';

/** A sensor that is shown, with the objects at the same place. */
export interface ShownThing {
  thing: number;
  readings: Reading[];
  section: HTMLElement;
  others: Shown['others'];
}

/** Fills the panel with what a thing measures. */
export function showThing({ thing, readings, section, others }: ShownThing, deeds: Deeds): void {
  const [first] = readings;
  const head = element(
    'div',
    { class: 'object-head' },
    element('p', { class: 'eyebrow' }, text('sensor')),
    element('h2', {}, first?.name ?? text('thing', { id: thing })),
    button('zoomTo', 'target', deeds.zoom),
    button('close', 'close', deeds.close),
  );
  const subjects = new Map(
    readings.flatMap(({ object }) =>
      object ? [[`${object.collection}/${object.id}`, object]] : [],
    ),
  );
  const links = [...subjects.values()].map((object) => ({
    name: object,
    label: object.id,
    title: deeds.titleOf(object.collection),
  }));
  const isElsewhere = (it: Shown['others'][number]) =>
    !subjects.has(`${it.name.collection}/${it.name.id}`);
  const body = element(
    'div',
    { class: 'object-body' },
    section,
    ...hereToo('belongsTo', links, deeds.open),
    ...hereToo('hereToo', others.filter(isElsewhere), deeds.open),
  );
  const open = element('a', { class: 'open', href: address(entityPath('Things', thing)) });
  open.textContent = text('openThing');
  reveal(head, body, element('p', { class: 'object-foot' }, open));
}
