import type { StyleSpecification } from 'maplibre-gl';
import { collectionPath } from './address';
import { read } from './api';
import type { Collection, Landing, Schema } from './model';

/** What the server offers, read once at start. */
export interface Catalogue {
  landing: Landing;
  collections: Collection[];
  /** By collection. */
  schemas: Map<string, Schema>;
  style: StyleSpecification;
}

interface Style {
  id: string;
}

const STYLE = 'quartier';
const DARK_STYLE = 'quartier-dark';

export async function readCatalogue(prefersDark: boolean): Promise<Catalogue> {
  const [landing, { collections }, style] = await Promise.all([
    read<Landing>(''),
    read<{ collections: Collection[] }>('collections'),
    readStyle(prefersDark),
  ]);
  const schemas = await Promise.all(collections.map(readSchema));
  return { landing, collections, schemas: new Map(schemas), style };
}

async function readSchema({ id }: Collection): Promise<[string, Schema]> {
  return [id, await read<Schema>(`${collectionPath(id)}/schema`)];
}

async function readStyle(prefersDark: boolean): Promise<StyleSpecification> {
  const { styles } = await read<{ styles: Style[] }>('styles');
  const hasDark = styles.some((style) => style.id === DARK_STYLE);
  return read(`styles/${prefersDark && hasDark ? DARK_STYLE : STYLE}`);
}

/** West, south, east, north of all collections together in degrees; undefined where nothing is anywhere. */
export function extentOf(collections: Collection[]): [number, number, number, number] | undefined {
  const boxes = collections.flatMap((collection) => flat(collection.extent?.spatial?.bbox?.[0]));
  if (boxes.length === 0) return undefined;
  return [
    Math.min(...boxes.map(([west]) => west)),
    Math.min(...boxes.map(([, south]) => south)),
    Math.max(...boxes.map(([, , east]) => east)),
    Math.max(...boxes.map(([, , , north]) => north)),
  ];
}

function flat(bbox: number[] | undefined): [number, number, number, number][] {
  if (!bbox) return [];
  const [west, south, east, north] = bbox.length === 6 ? bbox.filter((_, i) => i % 3 < 2) : bbox;
  if (west === undefined || south === undefined) return [];
  if (east === undefined || north === undefined) return [];
  return [[west, south, east, north]];
}
