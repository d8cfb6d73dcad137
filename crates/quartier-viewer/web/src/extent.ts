import type { Geometry } from 'geojson';
import type { Collection } from './model';

/** West, south, east, north. */
export type Bounds = [number, number, number, number];

/** The bounds of all collections together in degrees; undefined where nothing is anywhere. */
export function extentOf(collections: Collection[]): Bounds | undefined {
  const boxes = collections.flatMap((collection) => flat(collection.extent?.spatial?.bbox?.[0]));
  if (boxes.length === 0) return undefined;
  return [
    Math.min(...boxes.map(([west]) => west)),
    Math.min(...boxes.map(([, south]) => south)),
    Math.max(...boxes.map(([, , east]) => east)),
    Math.max(...boxes.map(([, , , north]) => north)),
  ];
}

function flat(bbox: number[] | undefined): Bounds[] {
  if (!bbox) return [];
  const [west, south, east, north] = bbox.length === 6 ? bbox.filter((_, i) => i % 3 < 2) : bbox;
  if (west === undefined || south === undefined) return [];
  if (east === undefined || north === undefined) return [];
  return [[west, south, east, north]];
}

/** The bounds of a geometry in its own units; undefined where it has no coordinates. */
export function boundsOf(geometry: Geometry): Bounds | undefined {
  const flat = [...positions(Object.values(geometry))];
  if (flat.length === 0) return undefined;
  const xs = flat.map(([x]) => x);
  const ys = flat.map(([, y]) => y);
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys)];
}

function* positions(value: unknown): Generator<[number, number]> {
  if (!Array.isArray(value)) return;
  if (typeof value[0] === 'number') yield [value[0], value[1]];
  else for (const member of value) yield* positions(member);
}
