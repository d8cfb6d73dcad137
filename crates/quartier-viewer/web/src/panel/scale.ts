import { element } from '../dom';
import { text } from '../language';
import type { Scale } from '../live/scale';
import { numberText, pointsOfCompass } from '../live/words';

interface Meaning {
  unit: string;
  title: string;
  /** Areas let the city shine through, and so does the legend. */
  isOfAreas: boolean;
}

/** The legend: one bar of classes with the numbers where they meet, and how old and missing readings look. */
export function showScale(
  into: HTMLElement,
  scale: Scale,
  { unit, title, isOfAreas }: Meaning,
): void {
  const marked = JSON.stringify([scale, unit, title, isOfAreas, text('stale')]);
  // A legend that is written anew with each reading could not be read aloud or selected.
  if (into.dataset.shown === marked) return;
  into.dataset.shown = marked;
  const caption = unit && !scale.isRound ? `${title} ${text('inUnit', { unit })}` : title;
  into.classList.toggle('areas', isOfAreas);
  into.replaceChildren(
    element('p', { class: 'caption' }, caption),
    scale.isRound ? rose(scale) : bar(scale),
    signs(),
  );
}

function bar({ colours, breaks }: Scale): HTMLElement {
  const classes = colours.map((colour, i) => {
    const made = swatch(colour);
    const next = breaks[i];
    if (next !== undefined) made.append(element('span', {}, numberText(next)));
    return made;
  });
  return element('ol', { class: 'bar' }, ...classes);
}

function rose({ colours }: Scale): HTMLElement {
  const points = pointsOfCompass();
  const classes = points.map((point, i) => {
    const made = swatch(colours[i] ?? '');
    made.append(element('span', {}, point));
    return made;
  });
  return element('ol', { class: 'bar rose' }, ...classes);
}

function swatch(colour: string): HTMLElement {
  const made = element('li');
  made.style.setProperty('--colour', colour);
  return made;
}

function signs(): HTMLElement {
  const sign = (kind: string) => element('span', { class: `age ${kind}`, 'aria-hidden': 'true' });
  return element(
    'ul',
    { class: 'ages' },
    element('li', {}, sign('stale'), sign('hollow'), text('stale')),
    element('li', {}, sign('empty'), text('noValue')),
  );
}
