import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { type Lettering, SOURCE } from '../map/generic';
import type { Shape } from '../map/legend';
import { colourExpression, type Scale } from './scale';

/** How an object with a reading is drawn; the word in its feature state. */
export type Look = 'fresh' | 'stale' | 'empty';

/** The map's colours beside those of the numbers. */
export interface Tone {
  paper: string;
  ink: string;
  /** What the city fades into behind the readings. */
  veil: string;
  hatch: string;
  /** Of what is written on coloured areas. */
  lettering: Lettering;
}

export const DAY: Tone = {
  paper: '#fffdf8',
  ink: '#3a3540',
  veil: '#f6f5f1',
  hatch: '#3a3540',
  lettering: { colour: '#121a21', halo: '#ffffffe6' },
};

export const NIGHT: Tone = {
  paper: '#1b2027',
  ink: '#0c0f13',
  veil: '#15181d',
  hatch: '#8493a0',
  lettering: { colour: '#ffffff', halo: '#0d1014e6' },
};

/** An image of the map: what is old or unknown is hatched. */
export const HATCH = 'live-hatch';

type Dressed = (scale: Scale, tone: Tone) => LayerSpecification[];

/** Layers that lie on a collection's own, and show the objects that have a reading. */
export function covers(collection: string, shape: Shape): Dressed {
  return (scale, tone) =>
    BY_SHAPE[shape](scale, tone).map(
      ([name, layer]) =>
        ({
          id: `live/${collection}/${name}`,
          source: SOURCE,
          'source-layer': collection,
          ...layer,
        }) as LayerSpecification,
    );
}

type Parts = [name: string, layer: object][];

const BY_SHAPE: Record<Shape, (scale: Scale, tone: Tone) => Parts> = {
  area: (scale, { paper }) => [
    [
      'area',
      {
        type: 'fill',
        filter: ofType('Polygon'),
        paint: { 'fill-color': colourExpression(scale), 'fill-opacity': by(0.72, 0.4, 0) },
      },
    ],
    [
      'hatch',
      {
        type: 'fill',
        filter: ofType('Polygon'),
        paint: { 'fill-pattern': HATCH, 'fill-opacity': by(0, 0.7, 0.3) },
      },
    ],
    [
      'edge',
      {
        type: 'line',
        filter: ofType('Polygon'),
        paint: {
          'line-color': paper,
          'line-width': byZoom(10, 0.6, 17, 2),
          'line-opacity': by(0.9, 0.9, 0.5),
        },
      },
    ],
  ],
  line: (scale, { paper, ink }) => [
    ['casing', line(ink, byZoom(10, 2.4, 18, 15), by(0.75, 0.4, 0))],
    ['line', line(colourExpression(scale), byZoom(10, 1.6, 18, 12), by(1, 0.85, 0))],
    [
      'dashes',
      {
        ...line(paper, byZoom(10, 1.2, 18, 10), by(0, 0.8, 0)),
        layout: { 'line-cap': 'butt' },
        paint: {
          ...line(paper, byZoom(10, 1.2, 18, 10), by(0, 0.8, 0)).paint,
          'line-dasharray': [1.2, 1.2],
        },
      },
    ],
  ],
  point: (scale, { paper }) => [
    [
      'point',
      {
        type: 'circle',
        filter: ofType('Point'),
        paint: {
          'circle-color': colourExpression(scale),
          'circle-radius': byZoom(10, 2.5, 18, 9),
          'circle-opacity': by(1, 0.35, 0),
          'circle-stroke-color': paper,
          'circle-stroke-width': 1.2,
          'circle-stroke-opacity': by(1, 1, 0),
        },
      },
    ],
  ],
};

function line(colour: unknown, width: unknown, opacity: unknown) {
  return {
    type: 'line',
    filter: ofType('LineString'),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': width, 'line-opacity': opacity },
  };
}

/** By how the object is drawn; nothing where it has no reading. */
export function by(fresh: unknown, stale: unknown, empty: unknown): ExpressionSpecification {
  const look = ['coalesce', ['feature-state', 'look'], ''];
  const expression = ['match', look, 'fresh', fresh, 'stale', stale, 'empty', empty, 0];
  return expression as unknown as ExpressionSpecification;
}

function byZoom(z1: number, v1: number, z2: number, v2: number): ExpressionSpecification {
  return ['interpolate', ['exponential', 1.4], ['zoom'], z1, v1, z2, v2];
}

function ofType(type: string): ExpressionSpecification {
  return ['==', ['geometry-type'], type];
}

/** Raised objects with a reading in its colour, the others as they were. */
export function raisedColour(own: unknown, scale: Scale): ExpressionSpecification {
  const isRead = ['in', ['coalesce', ['feature-state', 'look'], ''], ['literal', LOOKS_READ]];
  return ['case', isRead, colourExpression(scale), own] as unknown as ExpressionSpecification;
}

const LOOKS_READ: Look[] = ['fresh', 'stale'];

/** Diagonal strokes that join at the image's edges. */
export function hatch(colour: string): ImageData {
  const size = 16;
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d');
  if (!context) return new ImageData(size, size);
  context.strokeStyle = colour;
  context.lineWidth = 2.4;
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 2, size + 2);
    context.lineTo(shift + size + 2, -2);
  }
  context.stroke();
  return context.getImageData(0, 0, size, size);
}
