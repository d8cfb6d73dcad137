import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Collection, Schema } from '../model';
import { GENERIC, type Kind, type Lettering, names, raised } from './generic';
import { heightOf } from './height';

/** In which view of the map a layer is seen. */
export type View = 'both' | 'flat' | 'raised';

/** What the map shows of one collection. */
export interface Group {
  collection: Collection;
  layers: { layer: LayerSpecification; view: View }[];
  /** The zoom from which on raised layers stand in for flat ones. */
  raisedFrom: number;
}

export interface Composition {
  style: StyleSpecification;
  groups: Group[];
}

interface Known {
  schemas: Map<string, Schema>;
  /** Of collections that the style does not know. */
  colours: Map<string, string>;
  lettering: Lettering;
}

/**
 * The server's style, completed: every collection has layers, and what has a height has a raised layer too.
 */
export function compose(
  served: StyleSpecification,
  collections: Collection[],
  known: Known,
): Composition {
  const style = structuredClone(served);
  const styled = new Set(style.layers.map(sourceLayerOf));
  for (const { id } of collections) {
    if (!styled.has(id)) addGeneric(style, id, known);
  }
  for (const { id } of collections) addRaised(style, id, known);
  for (const { id } of collections) addNames(style, id, known);
  return { style, groups: collections.map((collection) => group(style, collection)) };
}

export function sourceLayerOf(layer: LayerSpecification): string | undefined {
  return 'source-layer' in layer ? layer['source-layer'] : undefined;
}

function group(style: StyleSpecification, collection: Collection): Group {
  const own = style.layers.filter((layer) => sourceLayerOf(layer) === collection.id);
  const raised = own.find((layer) => layer.type === 'fill-extrusion');
  return {
    collection,
    layers: own.map((layer) => ({ layer, view: viewOf(layer, raised !== undefined) })),
    raisedFrom: raised?.minzoom ?? 0,
  };
}

function viewOf(layer: LayerSpecification, isRaised: boolean): View {
  if (layer.type === 'fill-extrusion') return 'raised';
  const isFootprint = layer.type === 'fill' || layer.type === 'line';
  return isRaised && isFootprint ? 'flat' : 'both';
}

function addGeneric(style: StyleSpecification, collection: string, known: Known): void {
  const schema = known.schemas.get(collection) ?? {};
  const colour = known.colours.get(collection) ?? '#5c6b78';
  for (const kind of kindsOf(schema)) {
    for (const layer of GENERIC[kind](collection, colour)) insert(style, layer, known);
  }
}

/** Areas lie below buildings, these below lines, lines below points, and names above all. */
const ORDER: Record<string, number> = { background: 0, fill: 1, line: 3, circle: 4, symbol: 6 };
const FOOTPRINT = 2;
const OTHER = 5;

/** A new layer tops the others of its rank. */
function insert(style: StyleSpecification, layer: LayerSpecification, { schemas }: Known): void {
  const rank = (it: LayerSpecification) => {
    const schema = schemas.get(sourceLayerOf(it) ?? '') ?? {};
    return it.type === 'fill' && heightOf(schema) ? FOOTPRINT : (ORDER[it.type] ?? OTHER);
  };
  const above = style.layers.findIndex((it) => rank(it) > rank(layer));
  style.layers.splice(above < 0 ? style.layers.length : above, 0, layer);
}

function kindsOf(schema: Schema): Kind[] {
  const geometry = Object.values(schema.properties ?? {}).find(
    (property) => property['x-ogc-role'] === 'primary-geometry',
  );
  const format = geometry?.format ?? 'geometry-any';
  if (format.includes('polygon')) return ['area'];
  if (format.includes('linestring')) return ['line'];
  if (format.includes('point')) return ['point'];
  return ['area', 'line', 'point'];
}

function addRaised(style: StyleSpecification, collection: string, known: Known): void {
  const own = style.layers.filter((layer) => sourceLayerOf(layer) === collection);
  const fill = own.find((layer) => layer.type === 'fill');
  const height = heightOf(known.schemas.get(collection) ?? {});
  if (!height || !fill || own.some((layer) => layer.type === 'fill-extrusion')) return;
  insert(style, raised(collection, fill, height), known);
}

function addNames(style: StyleSpecification, collection: string, known: Known): void {
  const schema = known.schemas.get(collection) ?? {};
  const own = style.layers.filter((layer) => sourceLayerOf(layer) === collection);
  if (!schema.properties?.name || own.some((layer) => layer.type === 'symbol')) return;
  const isRaised = own.some((layer) => layer.type === 'fill-extrusion');
  for (const kind of kindsOf(schema)) {
    insert(style, names(collection, kind, isRaised, known.lettering), known);
  }
}
