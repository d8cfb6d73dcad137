import { language, text } from '../language';
import { DAY_MS } from './history';
import { runsOf, type Sample } from './runs';
import { numberText } from './words';

const WIDTH = 320;
const HEIGHT = 78;
/** For the values at the left, and the hours below. */
const LEFT = 40;
const BOTTOM = 16;
const TOP = 7;

/** Readings that fall on the same place are one point with its spread. */
const STEP_PX = 2;

const TICK_HOURS = 6;

/**
 * The last day as a line; what lies between a step's least and greatest is shaded. Directions, which have no mean of
 * this kind, are dots.
 */
export function spark(samples: Sample[], isRound: boolean, now = Date.now()): SVGSVGElement {
  const values = samples.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (time: number) => LEFT + ((time - now + DAY_MS) / DAY_MS) * (WIDTH - LEFT - 4);
  const height = HEIGHT - BOTTOM - TOP;
  const y = (value: number) => TOP + height * (1 - (value - least) / (most - least || 1));
  const svg = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'spark', role: 'img' });
  svg.append(...hours(now, x), ...levels(least, most, y));
  if (isRound) svg.append(...samples.map((it) => dot(x(it.time), y(it.value))));
  else for (const run of runsOf(samples)) svg.append(...drawn(run, x, y));
  svg.ariaLabel = text('lastDay', { least: numberText(least), most: numberText(most) });
  return svg as SVGSVGElement;
}

type Axis = (value: number) => number;

function drawn(run: Sample[], x: Axis, y: Axis): SVGElement[] {
  const steps = stepsOf(run, x);
  const [first] = steps;
  if (steps.length === 1 && first) return [dot(first.x, y(first.mean))];
  const line = steps.map((it) => point(it.x, y(it.mean)));
  const above = steps.map((it) => point(it.x, y(it.most)));
  const below = steps.map((it) => point(it.x, y(it.least))).reverse();
  return [
    shape('polygon', { points: [...above, ...below].join(' '), class: 'spread' }),
    shape('polyline', { points: line.join(' '), class: 'line' }),
  ];
}

function dot(x: number, y: number): SVGElement {
  return shape('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: '1.2', class: 'dot' });
}

interface Step {
  x: number;
  mean: number;
  least: number;
  most: number;
}

function stepsOf(run: Sample[], x: Axis): Step[] {
  const steps = new Map<number, Sample[]>();
  for (const sample of run) {
    const at = Math.round(x(sample.time) / STEP_PX);
    steps.set(at, [...(steps.get(at) ?? []), sample]);
  }
  return [...steps].map(([at, samples]) => {
    const values = samples.map(({ value }) => value);
    const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
    return { x: at * STEP_PX, mean, least: Math.min(...values), most: Math.max(...values) };
  });
}

function point(x: number, y: number): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}

/** Midnight and the quarters of the day, in the visitor's own time. */
function hours(now: number, x: Axis): SVGElement[] {
  const first = new Date(now - DAY_MS);
  first.setHours(Math.ceil((first.getHours() + 1) / TICK_HOURS) * TICK_HOURS, 0, 0, 0);
  const made: SVGElement[] = [];
  for (let time = first.getTime(); time < now; time += TICK_HOURS * 3_600_000) {
    const at = x(time).toFixed(1);
    const label = new Date(time).toLocaleTimeString(language(), TIME);
    made.push(
      shape('line', {
        x1: at,
        x2: at,
        y1: String(TOP),
        y2: String(HEIGHT - BOTTOM),
        class: 'tick',
      }),
      words(label, { x: at, y: String(HEIGHT - 4), 'text-anchor': 'middle' }),
    );
  }
  return made;
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false };

function levels(least: number, most: number, y: Axis): SVGElement[] {
  return [...new Set([least, most])].flatMap((value) => {
    const at = y(value).toFixed(1);
    const label = { x: String(LEFT - 6), y: String(Number(at) + 3.5), 'text-anchor': 'end' };
    return [
      shape('line', { x1: String(LEFT), x2: String(WIDTH - 4), y1: at, y2: at, class: 'level' }),
      words(numberText(value), label),
    ];
  });
}

function words(label: string, attributes: Record<string, string>): SVGElement {
  const made = shape('text', attributes);
  made.textContent = label;
  return made;
}

function shape(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
