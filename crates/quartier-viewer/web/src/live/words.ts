import { language, text } from '../language';
import { numberOf } from './model';

/** A reading's value as people write it, without its unit. */
export function valueText(value: unknown): string {
  const number = numberOf(value);
  if (number !== undefined) return numberText(number);
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return text(value ? 'yes' : 'no');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Three or four digits that count. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  const maximumFractionDigits = size >= 100 || Number.isInteger(value) ? 0 : size >= 1 ? 1 : 3;
  return value.toLocaleString(language(), { maximumFractionDigits }).replace('-', '−');
}

const UNITS: [seconds: number, symbol: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** How long ago a time was. */
export function ageText(time: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (Number.isNaN(seconds)) return '–';
  const [size, symbol] = UNITS.find(([size]) => seconds >= size) ?? [1, 's'];
  return text('ago', { age: `${Math.floor(seconds / size)} ${symbol}` });
}

/** The eight points of the compass, from north. */
export function pointsOfCompass(): string[] {
  return text('compass').split(' ');
}
