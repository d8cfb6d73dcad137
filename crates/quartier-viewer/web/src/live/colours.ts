/**
 * Colours for numbers. Lightness falls (by day) or rises (by night) evenly from the lowest class to the highest, so
 * that the order is seen without telling hues apart; the hues keep clear of the map's own greens and blues.
 */
const DAY = ['#fbe7a4', '#f9bd6f', '#ee8a5f', '#d65a6a', '#a93a7d', '#702a80', '#37195f'];
const NIGHT = ['#4b2a78', '#7b3588', '#ab4380', '#d65c6c', '#f08a5d', '#fabd72', '#fdeeb0'];

/** Round the compass, from north: opposite directions differ in lightness or hue for everyone. */
const ROUND = [
  '#4a2a63',
  '#3d63a5',
  '#69a9cf',
  '#bfdce0',
  '#f0e3b2',
  '#e0a95c',
  '#b9593b',
  '#7b2c46',
];

/** Colours of that many classes, the lowest first. */
export function sequence(count: number, isDark: boolean): string[] {
  const anchors = isDark ? NIGHT : DAY;
  return Array.from({ length: count }, (_, i) => along(anchors, count > 1 ? i / (count - 1) : 0.5));
}

/** For directions, north first and clockwise. */
export function compass(): string[] {
  return ROUND;
}

function along(anchors: string[], share: number): string {
  const at = share * (anchors.length - 1);
  const from = Math.min(Math.floor(at), anchors.length - 2);
  return mixed(anchors[from] ?? '#000', anchors[from + 1] ?? '#000', at - from);
}

/** Between two colours, in OKLab, where equal steps look equal. */
function mixed(one: string, other: string, share: number): string {
  const [from, to] = [oklab(one), oklab(other)];
  return hex(from.map((it, i) => it + ((to[i] ?? it) - it) * share));
}

/** Lightness from 0 to 1, then green to red, then blue to yellow ([Ottosson](https://bottosson.github.io/posts/oklab/)). */
export function oklab(colour: string): number[] {
  const rgb = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  return times(LMS_TO_LAB, times(RGB_TO_LMS, rgb).map(Math.cbrt));
}

function hex(lab: number[]): string {
  const lms = times(LAB_TO_LMS, lab).map((it) => it ** 3);
  const bytes = times(LMS_TO_RGB, lms).map((it) => {
    const shown = Math.round(255 * gamma(Math.min(1, Math.max(0, it))));
    return shown.toString(16).padStart(2, '0');
  });
  return `#${bytes.join('')}`;
}

function times(matrix: number[][], vector: number[]): number[] {
  return matrix.map((row) => row.reduce((sum, it, i) => sum + it * (vector[i] ?? 0), 0));
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function gamma(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

const RGB_TO_LMS = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const LMS_TO_LAB = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
const LAB_TO_LMS = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
];
const LMS_TO_RGB = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];
