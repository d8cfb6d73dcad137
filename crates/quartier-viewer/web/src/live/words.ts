import { language, text } from '../language';
import { numberOf } from './model';

/** A reading's value as people write it, without its unit. */
export function valueText(value: unknown, decimals?: number): string {
  const number = numberOf(value);
  if (number !== undefined) return numberText(number, decimals);
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return text(value ? 'yes' : 'no');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Three or four digits that count; or as many decimals as asked for. */
export function numberText(value: number, decimals?: number): string {
  const format = formatOf(language(), decimals ?? 0, decimals ?? decimalsOf(value));
  return format.format(value).replace('-', '−');
}

const formats = new Map<string, Intl.NumberFormat>();

/** To make a format takes longer than to use it a hundred times. */
function formatOf(language: string, least: number, most: number): Intl.NumberFormat {
  const key = `${language} ${least} ${most}`;
  const known = formats.get(key);
  if (known) return known;
  const digits = { minimumFractionDigits: least, maximumFractionDigits: most };
  const made = new Intl.NumberFormat(language, digits);
  formats.set(key, made);
  return made;
}

/** What numbers that stand beside each other have in common. */
export function commonDecimals(values: unknown[]): number {
  return Math.max(0, ...values.flatMap((it) => numberOf(it) ?? []).map(decimalsOf));
}

function decimalsOf(value: number): number {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return 0;
  return size >= 1 ? 1 : 3;
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
