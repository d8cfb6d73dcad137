import { read } from '../api';
import type { Aggregate, Feed, ObservedProperty, Reading } from './model';

export async function readProperties(): Promise<ObservedProperty[]> {
  const path = 'twin/v1/observedProperties';
  const { observedProperties } = await read<{ observedProperties: ObservedProperty[] }>(path);
  return observedProperties.filter(({ datastreams }) => datastreams > 0);
}

export async function readLatest(property: string): Promise<Reading[]> {
  return (await read<{ readings: Reading[] }>('twin/v1/latest', { property })).readings;
}

/** The means of zones; `window` is an ISO duration up to now. */
export function readAggregate(
  zones: string,
  property: string,
  window: string,
  signal: AbortSignal,
): Promise<Aggregate> {
  const agg = 'mean';
  return read<Aggregate>('twin/v1/aggregate', { zones, property, agg, window }, signal);
}

export async function readFeeds(): Promise<Feed[]> {
  return (await read<{ feeds: Feed[] }>('twin/v1/feeds')).feeds;
}
