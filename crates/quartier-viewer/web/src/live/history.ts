import { address } from '../address';
import { numberOf } from './model';
import type { Sample } from './runs';

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
