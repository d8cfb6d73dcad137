/** More classes than this cannot be told apart on a map. */
const CLASSES_MAX = 7;

/** Sensors that went mad do not make the scale. */
const SHARE_OUTSIDE = 0.04;

/** Where most values are small and few are large, equal steps would show the large ones only. */
const SKEW = 6;

const STEPS = [1, 2, 2.5, 5, 10];
const MAGNITUDES = [1, 2, 5];

/**
 * Round numbers that divide the values into classes; the first and the last class are open. Empty where there is
 * nothing to tell apart.
 */
export function breaksOf(values: number[]): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const low = quantile(sorted, SHARE_OUTSIDE);
  const high = quantile(sorted, 1 - SHARE_OUTSIDE);
  if (low === undefined || high === undefined || low === high) return [];
  const middle = quantile(sorted, 0.5) ?? low;
  const isSkewed = low >= 0 && middle > 0 && high / middle > SKEW;
  return isSkewed ? magnitudes(Math.max(low, high / 1000), high) : equalSteps(low, high);
}

/** Whether the values have moved so far that the breaks no longer say much. */
export function isOutgrown(breaks: number[], fresh: number[]): boolean {
  const [a, b, c, d] = [breaks[0], breaks.at(-1), fresh[0], fresh.at(-1)];
  if (c === undefined || d === undefined) return false;
  if (a === undefined || b === undefined) return true;
  const common = Math.min(b, d) - Math.max(a, c);
  const whole = Math.max(b, d) - Math.min(a, c);
  return common < whole / 2;
}

/** The class of a value: 0 below the first break. */
export function classOf(value: number, breaks: number[]): number {
  const above = breaks.findIndex((it) => value < it);
  return above < 0 ? breaks.length : above;
}

function equalSteps(low: number, high: number): number[] {
  const step = stepOf((high - low) / CLASSES_MAX);
  const first = Math.ceil(low / step);
  const count = Math.min(CLASSES_MAX - 1, Math.ceil(high / step) - first);
  return Array.from({ length: count }, (_, i) => clean((first + i) * step)).filter(
    (it) => it > low,
  );
}

/** The smallest round step that is not less. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (STEPS.find((it) => it * power >= least * (1 - 1e-9)) ?? 10);
}

/** 1, 2, 5, 10, 20 …; or 1, 10, 100 … where these are too many. */
function magnitudes(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, i) => from + i);
  const all = powers.flatMap((power) => MAGNITUDES.map((it) => clean(it * 10 ** power)));
  const inside = all.filter((it) => it > low && it < high);
  if (inside.length < CLASSES_MAX) return inside;
  const tens = inside.filter((it) => Number.isInteger(Math.round(Math.log10(it) * 1e9) / 1e9));
  return tens.slice(-(CLASSES_MAX - 1));
}

function quantile(sorted: number[], share: number): number | undefined {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (at - Math.floor(at));
}

/** Without the dust of binary fractions. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
