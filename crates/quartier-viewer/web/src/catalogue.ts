import type { StyleSpecification } from 'maplibre-gl';
import { collectionPath } from './address';
import { read } from './api';
import type { Archive } from './map/ground';
import type { Shape } from './map/legend';
import type { Collection, Items, Landing, Schema } from './model';

/** What the server offers, read once at start. */
export interface Catalogue {
  landing: Landing;
  collections: Collection[];
  /** By collection. */
  schemas: Map<string, Schema>;
  /** What the first object of a collection is; most collections hold one kind only. */
  shapes: Map<string, Shape>;
  /** How many objects a collection holds. */
  counts: Map<string, number>;
  /** Base layers. */
  archives: Archive[];
  style: StyleSpecification;
  /** The style is a dark one. */
  isDark: boolean;
}

interface Style {
  id: string;
}

const STYLE = 'quartier';
const DARK_STYLE = 'quartier-dark';

export async function readCatalogue(prefersDark: boolean): Promise<Catalogue> {
  const [landing, { collections }, { archives }, chosen] = await Promise.all([
    read<Landing>(''),
    read<{ collections: Collection[] }>('collections'),
    read<{ archives: Archive[] }>('archives'),
    readStyle(prefersDark),
  ]);
  const [schemas, firsts] = await Promise.all([
    Promise.all(collections.map(readSchema)),
    Promise.all(collections.map(readFirst)),
  ]);
  const shapes = firsts.map(([id, items]): [string, Shape] => [id, shapeOf(items)]);
  const counts = firsts.map(([id, { numberMatched }]): [string, number] => [
    id,
    numberMatched ?? 0,
  ]);
  const known = { schemas: new Map(schemas), shapes: new Map(shapes), counts: new Map(counts) };
  return { landing, collections, archives, ...known, ...chosen };
}

async function readSchema({ id }: Collection): Promise<[string, Schema]> {
  return [id, await read<Schema>(`${collectionPath(id)}/schema`)];
}

async function readFirst({ id }: Collection): Promise<[string, Items]> {
  return [id, await read<Items>(`${collectionPath(id)}/items`, { limit: '1' })];
}

function shapeOf({ features }: Items): Shape {
  const type = features[0]?.geometry?.type ?? '';
  if (type.endsWith('Point')) return 'point';
  return type.endsWith('LineString') ? 'line' : 'area';
}

async function readStyle(prefersDark: boolean): Promise<Pick<Catalogue, 'style' | 'isDark'>> {
  const { styles } = await read<{ styles: Style[] }>('styles');
  const isDark = prefersDark && styles.some((style) => style.id === DARK_STYLE);
  return { style: await read(`styles/${isDark ? DARK_STYLE : STYLE}`), isDark };
}
