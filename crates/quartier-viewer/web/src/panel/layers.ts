import type { Catalogue } from '../catalogue';
import { byId, element, icon } from '../dom';
import { onLanguage, text } from '../language';
import type { CityMap } from '../map/city';
import type { Group } from '../map/layers';
import { type Legend, legendOf, type Sign } from '../map/legend';
import { titleOf } from '../model';
import { foldable, isNarrow } from './fold';

/** The list of layers: what is drawn how, with a switch and an opacity for each. */
export function showLayers(city: CityMap, { schemas, shapes }: Catalogue): void {
  const list = byId('layer-list');
  const entries = city.groups.map((group) => {
    const { id } = group.collection;
    const schema = schemas.get(id) ?? {};
    return entry(city, group, legendOf(group, schema, shapes.get(id)));
  });
  list.replaceChildren(...entries);
  foldable(byId<HTMLButtonElement>('layers-toggle'), list, !isNarrow());
}

function entry(city: CityMap, group: Group, legend: Legend): HTMLLIElement {
  const { collection } = group;
  const toggle = element('input', { type: 'checkbox', checked: '', name: collection.id });
  toggle.addEventListener('change', () => city.setVisible(collection.id, toggle.checked));
  const label = element('label', {}, toggle, sign(legend.sign), titleOf(collection));
  const options = optionsOf(city, group, legend);
  const more = element('button', { type: 'button', class: 'quiet' }, icon('chevron'));
  const name = () => {
    more.ariaLabel = text('moreOptions', { title: titleOf(collection) });
  };
  name();
  onLanguage(name);
  foldable(more, options, false);
  const row = element('div', { class: 'layer' }, label, more);
  return element('li', { 'data-collection': collection.id }, row, options);
}

function optionsOf(city: CityMap, { collection }: Group, legend: Legend): HTMLElement {
  const slider = element('input', { type: 'range', min: '0', max: '100', value: '100', step: '5' });
  const amount = element('output', {}, '100 %');
  slider.addEventListener('input', () => {
    amount.textContent = `${slider.value} %`;
    city.setOpacity(collection.id, slider.valueAsNumber / 100);
  });
  const caption = element('span', { 'data-text': 'opacity' }, text('opacity'));
  const opacity = element('label', { class: 'opacity' }, caption, slider, amount);
  const description = collection.description
    ? [element('p', { class: 'note' }, collection.description)]
    : [];
  return element('div', { class: 'options' }, ...description, ...classes(legend), opacity);
}

function classes({ sign: general, title, classes }: Legend): HTMLElement[] {
  if (classes.length === 0) return [];
  const rows = classes.map(({ label, colour }) =>
    element('li', {}, sign({ ...general, colour }), element('span', {}, label)),
  );
  return [
    element('p', { class: 'caption' }, title ?? ''),
    element('ul', { class: 'classes' }, ...rows),
  ];
}

function sign({ shape, colour, opacity }: Sign): HTMLElement {
  const made = element('span', { class: `sign ${shape}`, 'aria-hidden': 'true' });
  made.style.setProperty('--colour', colour);
  made.style.setProperty('--share', `${opacity * 100}%`);
  return made;
}
