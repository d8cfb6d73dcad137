import type {
  ExpressionSpecification,
  FillLayerSpecification,
  FilterSpecification,
  LayerSpecification,
} from 'maplibre-gl';

/** The source of all collections' tiles, by the style's contract with the server. */
export const SOURCE = 'quartier';

/** Where the selected object's whole geometry is; in tiles it may be cut. */
export const SELECTION = 'selection';

export type Kind = 'area' | 'line' | 'point';

const ACCENT = '#e8590c';
/** Fainter, since a roof is a large surface. */
const ACCENT_RAISED = '#f3935f';
const RAISED_OPACITY = 0.94;
const NAME_ZOOM_MIN: Record<Kind, number> = { area: 11, line: 14, point: 14 };

/** An area larger than a tile would be named in each of them. */
const AREA_NAME_ZOOM_MAX = 16;

/** A building's name is smaller than the building. */
const RAISED_NAME_ZOOM_MIN = 16;

const GEOMETRIES: Record<Kind, string> = { area: 'Polygon', line: 'LineString', point: 'Point' };

function only(kind: Kind): FilterSpecification {
  return ['==', ['geometry-type'], GEOMETRIES[kind]];
}

/** A block of a low zoom, where small areas are drawn as tones. */
const IS_TONE: ExpressionSpecification = ['all', ['has', 'covered'], ['!', ['has', 'id']]];

const TONES: ExpressionSpecification = [
  'case',
  IS_TONE,
  ['interpolate', ['linear'], ['get', 'covered'], 0.08, 0.08, 0.85, 0.5],
  0.22,
];

/** Layers for a collection that the style does not know. */
export const GENERIC: Record<Kind, (collection: string, colour: string) => LayerSpecification[]> = {
  area: (collection, colour) => [
    {
      ...part(collection, 'area'),
      type: 'fill',
      filter: only('area'),
      paint: { 'fill-color': colour, 'fill-opacity': TONES },
    },
    {
      ...part(collection, 'edge'),
      type: 'line',
      filter: ['all', only('area'), ['!', IS_TONE]] as FilterSpecification,
      paint: { 'line-color': colour, 'line-width': byZoom(10, 0.6, 17, 1.4) },
    },
  ],
  line: (collection, colour) => [
    {
      ...part(collection, 'line'),
      type: 'line',
      filter: only('line'),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': byZoom(10, 0.6, 18, 4) },
    },
  ],
  point: (collection, colour) => [
    {
      ...part(collection, 'point'),
      type: 'circle',
      filter: only('point'),
      paint: {
        'circle-color': colour,
        'circle-radius': byZoom(10, 1.6, 18, 7),
        'circle-stroke-color': '#fff',
        'circle-stroke-width': byZoom(12, 0.4, 16, 1.2),
      },
    },
  ],
};

function part(collection: string, name: string) {
  return { id: `${collection}/${name}`, source: SOURCE, 'source-layer': collection };
}

/** How names are written, in the tone of the style. */
export interface Lettering {
  colour: string;
  halo: string;
}

/** The objects' names, where there is room for them. */
export function names(
  collection: string,
  kind: Kind,
  isRaised: boolean,
  { colour, halo }: Lettering,
): LayerSpecification {
  return {
    ...part(collection, `name-${kind}`),
    type: 'symbol',
    minzoom: isRaised ? RAISED_NAME_ZOOM_MIN : NAME_ZOOM_MIN[kind],
    ...(kind === 'area' && !isRaised && { maxzoom: AREA_NAME_ZOOM_MAX }),
    filter: ['all', only(kind), ['has', 'name']] as FilterSpecification,
    layout: {
      'text-field': ['to-string', ['get', 'name']],
      'text-font': ['system-ui', 'sans-serif'],
      'text-size': 12,
      'text-max-width': 8,
      'text-padding': 8,
      'symbol-placement': kind === 'line' ? 'line' : 'point',
      'symbol-spacing': 400,
      ...(kind === 'point' && { 'text-anchor': 'top', 'text-offset': [0, 0.7] }),
    },
    paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 1.4 },
  };
}

function byZoom(z1: number, v1: number, z2: number, v2: number): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], z1, v1, z2, v2];
}

/** The collection's footprints, raised in their own colour. */
export function raised(
  collection: string,
  footprint: FillLayerSpecification,
  height: ExpressionSpecification,
): LayerSpecification {
  return {
    ...part(collection, 'raised'),
    type: 'fill-extrusion',
    filter: footprint.filter ?? only('area'),
    paint: {
      'fill-extrusion-color': footprint.paint?.['fill-color'] ?? '#c9cdd2',
      'fill-extrusion-height': height,
      'fill-extrusion-opacity': RAISED_OPACITY,
    },
  };
}

/** The selected object, whatever its geometry is. */
export const SELECTED: LayerSpecification[] = [
  {
    id: 'selection/area',
    type: 'fill',
    source: SELECTION,
    filter: only('area'),
    paint: { 'fill-color': ACCENT, 'fill-opacity': 0.22 },
  },
  {
    id: 'selection/edge',
    type: 'line',
    source: SELECTION,
    filter: only('area'),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': ACCENT, 'line-width': 3 },
  },
  {
    // On both sides of the line, whose own colour may say something.
    id: 'selection/line',
    type: 'line',
    source: SELECTION,
    filter: only('line'),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': ACCENT,
      'line-width': 2.5,
      'line-gap-width': byZoom(10, 3, 18, 16),
    },
  },
  {
    id: 'selection/point',
    type: 'circle',
    source: SELECTION,
    filter: only('point'),
    paint: {
      'circle-color': ACCENT,
      'circle-radius': byZoom(12, 8, 18, 13),
      'circle-stroke-color': '#fff',
      'circle-stroke-width': 2,
    },
  },
];

export const SELECTED_RAISED = 'selection/raised';

/** The selected object among raised ones: of the same tiles, so that its walls are exactly the same. */
export function selectedRaised(
  collection: string,
  id: string,
  height: unknown,
  filter?: FilterSpecification,
): LayerSpecification {
  const isSelected: ExpressionSpecification = ['==', ['to-string', ['get', 'id']], id];
  return {
    id: SELECTED_RAISED,
    type: 'fill-extrusion',
    source: SOURCE,
    'source-layer': collection,
    filter: (filter ? ['all', filter, isSelected] : isSelected) as FilterSpecification,
    paint: {
      'fill-extrusion-color': ACCENT_RAISED,
      'fill-extrusion-height': height as ExpressionSpecification,
    },
  };
}
