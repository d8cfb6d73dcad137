import type { StyleSpecification } from 'maplibre-gl';
import { collectionPath } from './address';
import { read } from './api';
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
  const [landing, { collections }, chosen] = await Promise.all([
    read<Landing>(''),
    read<{ collections: Collection[] }>('collections'),
    readStyle(prefersDark),
  ]);
  const [schemas, shapes] = await Promise.all([
    Promise.all(collections.map(readSchema)),
    Promise.all(collections.map(readShape)),
  ]);
  return { landing, collections, schemas: new Map(schemas), shapes: new Map(shapes), ...chosen };
}

async function readSchema({ id }: Collection): Promise<[string, Schema]> {
  return [id, await read<Schema>(`${collectionPath(id)}/schema`)];
}

async function readShape({ id }: Collection): Promise<[string, Shape]> {
  const { features } = await read<Items>(`${collectionPath(id)}/items`, { limit: '1' });
  const type = features[0]?.geometry?.type ?? '';
  if (type.endsWith('Point')) return [id, 'point'];
  return [id, type.endsWith('LineString') ? 'line' : 'area'];
}

async function readStyle(prefersDark: boolean): Promise<Pick<Catalogue, 'style' | 'isDark'>> {
  const { styles } = await read<{ styles: Style[] }>('styles');
  const isDark = prefersDark && styles.some((style) => style.id === DARK_STYLE);
  return { style: await read(`styles/${isDark ? DARK_STYLE : STYLE}`), isDark };
}
