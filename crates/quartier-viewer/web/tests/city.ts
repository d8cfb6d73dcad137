import type { Collection, Item, Items, Schema } from '../src/model';
import { server } from './visit';

/** A building of the twin, as the API tells of it. */
export interface Building {
  collection: Collection;
  schema: Schema;
  item: Item & { id: string };
  /** Longitude and latitude of a point of its footprint. */
  inside: [number, number];
}

export async function ask<T>(path: string): Promise<T> {
  const response = await fetch(new URL(path, server));
  if (!response.ok) throw new Error(`${response.status} of ${response.url}`);
  return (await response.json()) as T;
}

/** An editor changes the city. */
export async function write(method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(new URL(path, server), {
    method,
    headers: {
      authorization: `Bearer ${process.env.QUARTIER_TOKEN}`,
      'content-type': 'application/geo+json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}

export async function collections(): Promise<Collection[]> {
  return (await ask<{ collections: Collection[] }>('collections?f=json')).collections;
}

/** The largest of some buildings, so that a click can hardly miss it. */
export async function aBuilding(): Promise<Building> {
  for (const collection of await collections()) {
    const path = `collections/${collection.id}`;
    const schema = await ask<Schema>(`${path}/schema?f=json`);
    const names = Object.keys(schema.properties ?? {});
    if (!names.some((name) => /^(height_m|measuredHeight|storeys)/.test(name))) continue;
    const { features } = await ask<Items>(`${path}/items?f=json&limit=200`);
    const largest = features.sort((a, b) => area(b) - area(a))[0];
    if (largest && area(largest) > 0) return building(collection, schema, largest);
  }
  throw new Error('the twin holds no collection of things with a height');
}

/** An object with a name, of whatever collection. */
export async function aName(): Promise<string> {
  for (const { id } of await collections()) {
    const { features } = await ask<Items>(`collections/${id}/items?f=json&limit=50`);
    const name = features.map(({ properties }) => properties?.name).find((it) => it);
    if (typeof name === 'string') return name;
  }
  throw new Error('nothing in the twin has a name');
}

function building(collection: Collection, schema: Schema, item: Item): Building {
  const ring = exterior(item);
  return { collection, schema, item: { ...item, id: String(item.id) }, inside: innerPoint(ring) };
}

function exterior({ geometry }: Item): number[][] {
  if (geometry?.type === 'Polygon') return geometry.coordinates[0] ?? [];
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates[0]?.[0] ?? [];
  return [];
}

function area(item: Item): number {
  const ring = exterior(item);
  return Math.abs(ring.reduce((sum, at, i) => sum + cross(at, ring[(i + 1) % ring.length]), 0));
}

function cross([x1 = 0, y1 = 0]: number[], [x2 = 0, y2 = 0]: number[] = []): number {
  return x1 * y2 - x2 * y1;
}

/** The middle of the widest stretch of a line through the ring's middle. */
function innerPoint(ring: number[][]): [number, number] {
  const ys = ring.map(([, y = 0]) => y);
  // Not through a corner.
  const middle = Math.min(...ys) + (Math.max(...ys) - Math.min(...ys)) * 0.487;
  const cuts = ring
    .flatMap((at, i) => cut(at, ring[(i + 1) % ring.length] ?? at, middle))
    .sort((a, b) => a - b);
  const stretches = cuts.flatMap((x, i) => {
    const next = cuts[i + 1];
    return i % 2 === 0 && next !== undefined ? [{ width: next - x, x: (x + next) / 2 }] : [];
  });
  const widest = stretches.sort((a, b) => b.width - a.width)[0];
  if (!widest) throw new Error('the building has no footprint');
  return [widest.x, middle];
}

function cut([x1 = 0, y1 = 0]: number[], [x2 = 0, y2 = 0]: number[], y: number): number[] {
  return y1 > y === y2 > y ? [] : [x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)];
}
