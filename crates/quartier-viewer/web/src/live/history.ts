import { address } from '../address';
import { numberOf } from './model';

export interface Sample {
  /** Milliseconds since 1970. */
  time: number;
  value: number;
}

export const DAY_MS = 86_400_000;

/** The most that the server gives at once; a reading each nine seconds. */
const SAMPLES_MAX = 10_000;

const TIMEOUT_MS = 20_000;

interface Observed {
  phenomenonTime: string;
  result: unknown;
}

/** The last day of a datastream, oldest first. Fails where the server does not answer. */
export async function readDay(datastream: number, signal: AbortSignal): Promise<Sample[]> {
  const since = new Date(Date.now() - DAY_MS).toISOString();
  const url = address(`${entityPath('Datastreams', datastream)}/Observations`, {
    $filter: `phenomenonTime ge ${since}`,
    // The newest, where there are more.
    $orderby: 'phenomenonTime desc',
    $select: 'phenomenonTime,result',
    $top: String(SAMPLES_MAX),
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(url, { signal: limit });
  if (!response.ok) throw new Error(response.statusText);
  const { value } = (await response.json()) as { value: Observed[] };
  return value.flatMap(sample).reverse();
}

/** The SensorThings entity's path below the API. */
export function entityPath(set: 'Datastreams' | 'Things', id: number): string {
  return `sensorthings/v1.1/${set}(${id})`;
}

function sample({ phenomenonTime, result }: Observed): Sample[] {
  const time = Date.parse(phenomenonTime.split('/')[0] ?? '');
  const value = numberOf(result);
  return value === undefined || Number.isNaN(time) ? [] : [{ time, value }];
}

/** Times between readings that are looked at on either side, to tell a pause from a slower rhythm. */
const NEIGHBOURS = 5;

/** So many of the usual steps without a reading are a gap, */
const GAP_STEPS = 3.5;

/** but never less than this. */
const GAP_MS = 180_000;

/** The readings in runs without a gap. */
export function runsOf(samples: Sample[]): Sample[][] {
  const steps = samples.slice(1).map(({ time }, i) => time - (samples[i]?.time ?? time));
  const runs: Sample[][] = [];
  samples.forEach((sample, i) => {
    const isNew = i === 0 || isGap(steps, i - 1);
    if (isNew) runs.push([sample]);
    else runs.at(-1)?.push(sample);
  });
  return runs;
}

function isGap(steps: number[], at: number): boolean {
  const before = median(steps.slice(Math.max(0, at - NEIGHBOURS), at));
  const after = median(steps.slice(at + 1, at + 1 + NEIGHBOURS));
  return (steps[at] ?? 0) > Math.max(GAP_MS, GAP_STEPS * Math.max(before, after));
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
