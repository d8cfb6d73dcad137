import type { ExpressionSpecification } from 'maplibre-gl';
import { breaksOf, classOf } from './breaks';
import { compass, sequence } from './colours';

/** How numbers are coloured: one colour more than there are breaks. */
export interface Scale {
  breaks: number[];
  colours: string[];
  /** The numbers are directions in degrees, clockwise from north. */
  isRound: boolean;
}

const POINTS = 8;

export function scaleOf(values: number[], isRound: boolean, isDark: boolean): Scale {
  if (isRound) return round();
  const breaks = breaksOf(values);
  return { breaks, colours: sequence(breaks.length + 1, isDark), isRound };
}

/** North is the first and the last class. */
function round(): Scale {
  const points = compass();
  const breaks = points.map((_, i) => (i + 0.5) * (360 / POINTS));
  return { breaks, colours: [...points, points[0] ?? ''], isRound: true };
}

/** Whether a unit and a property's name speak of directions; a plain angle may be a slope. */
export function isDirection(unit: string | null | undefined, property: string): boolean {
  const isDegree = /^(°|º|deg|degt|degrees?|grad)$/i.test(unit?.trim() ?? '');
  return isDegree && /direction|richtung|heading|bearing|kurs|azimut/i.test(property);
}

export function colourOf(value: number, { breaks, colours }: Scale): string {
  return colours[classOf(value, breaks)] ?? '#888';
}

/** The colour of the `value` in an object's feature state. */
export function colourExpression({ breaks, colours }: Scale): ExpressionSpecification {
  const [lowest = '#888'] = colours;
  if (breaks.length === 0) return ['to-color', lowest];
  const value = ['coalesce', ['feature-state', 'value'], 0];
  const steps = breaks.flatMap((at, i) => [at, colours[i + 1] ?? lowest]);
  return ['step', value, lowest, ...steps] as unknown as ExpressionSpecification;
}
