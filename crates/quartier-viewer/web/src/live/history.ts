import { address, type Query } from '../address';
import { numberOf } from './model';
import type { Sample } from './runs';

export const DAY_MS = 86_400_000;

/** The most that the server gives at once; a reading each nine seconds. */
const SAMPLES_MAX = 10_000;

const TIMEOUT_MS = 20_000;

interface Observed {
  phenomenonTime: string;
  /** Of a datastream with several properties one for each. */
  result: unknown;
}

export interface Day {
  /** Oldest first. */
  samples: Sample[];
  /** Of the datastream below the API. */
  path: string;
}

/** The last day of one property of a datastream. Fails where the server does not answer. */
export async function readDay(
  datastream: number,
  property: string,
  signal: AbortSignal,
): Promise<Day> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const path = entityPath('Datastreams', datastream);
  const observed = await observations(path, limit);
  if (observed) return { samples: samplesOf(observed), path };
  return ofSeveral(entityPath('MultiDatastreams', datastream), property, limit);
}

async function ofSeveral(path: string, property: string, signal: AbortSignal): Promise<Day> {
  const $expand = 'ObservedProperties($select=name)';
  const found = await ask<{ ObservedProperties: { name: string }[] }>(path, { $expand }, signal);
  const channel = found?.ObservedProperties.findIndex(({ name }) => name === property) ?? -1;
  const observed = (await observations(path, signal)) ?? [];
  const own = observed.map(({ phenomenonTime, result }) => {
    return { phenomenonTime, result: Array.isArray(result) ? result[channel] : undefined };
  });
  return { samples: samplesOf(own), path };
}

async function observations(path: string, signal: AbortSignal): Promise<Observed[] | undefined> {
  const query = {
    $filter: `phenomenonTime ge ${new Date(Date.now() - DAY_MS).toISOString()}`,
    // The newest, where there are more.
    $orderby: 'phenomenonTime desc',
    $select: 'phenomenonTime,result',
    $top: String(SAMPLES_MAX),
  };
  const found = await ask<{ value: Observed[] }>(`${path}/Observations`, query, signal);
  return found?.value;
}

/** Undefined where there is no such entity. SensorThings has no `f`. */
async function ask<T>(path: string, query: Query, signal: AbortSignal): Promise<T | undefined> {
  const response = await fetch(address(path, query), { signal });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()) as T;
}

function samplesOf(observed: Observed[]): Sample[] {
  return observed.flatMap(sample).reverse();
}

/** The SensorThings entity's path below the API. */
export function entityPath(set: 'Datastreams' | 'MultiDatastreams' | 'Things', id: number): string {
  return `sensorthings/v1.1/${set}(${id})`;
}

function sample({ phenomenonTime, result }: Observed): Sample[] {
  const time = Date.parse(phenomenonTime.split('/')[0] ?? '');
  const value = numberOf(result);
  return value === undefined || Number.isNaN(time) ? [] : [{ time, value }];
}
