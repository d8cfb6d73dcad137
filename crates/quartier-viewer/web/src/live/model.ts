/** Shapes of `/live` and `/twin/v1`, as far as the page reads them. */

import type { Box } from '../map/touched';

export interface ReadObject {
  collection: string;
  id: string;
  fid: number;
  /** Of all sensors of the object together; absent where the reading is not the object's own. */
  value?: unknown;
  n?: number;
}

/** The newest that a sensor says about one property. */
export interface Reading {
  datastream: number;
  thing: number;
  /** The thing's. */
  name: string;
  property: string;
  unit: string | null;
  value: unknown;
  time: string;
  stale: boolean;
  /** Longitude and latitude. */
  point: [number, number] | null;
  object: ReadObject | null;
}

export interface Snapshot {
  readings: Reading[];
  complete: boolean;
}

export interface ObjectChange {
  collection: string;
  /** Where its objects were and are; null where that may be anywhere. */
  bboxes: Box[] | null;
}

export interface FenceEvent {
  geofence: number;
  name: string;
  /** `above`, `below`, `enter`, `exit` or `silent`. */
  condition: string;
  thing: number;
  value: unknown;
  time: string;
}

export interface ObservedProperty {
  id: number;
  name: string;
  definition: string;
  units: string[];
  datastreams: number;
  stale: number;
  collections: string[];
}

export interface Zone {
  id: string;
  fid: number;
  value: unknown;
  n: number;
  n_stale: number;
}

export interface Aggregate {
  zones: string;
  property: string;
  unit: string | null;
  values: Zone[];
}

export interface Feed {
  name: string;
  kind: string;
  /** Null where the transport has no connection. */
  connected: boolean | null;
  since: string | null;
  last: string | null;
  accepted: number;
  duplicate: number;
  late: number;
  rejected: number;
  dropped: number;
  error: string | null;
}

/** What a map can colour; text and missing values are shown in words only. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A unit as it stands beside a number; counts have the unit one, which nobody writes. */
export function unitText(unit: string | null | undefined): string {
  return unit?.trim() === '1' ? '' : (unit ?? '');
}
