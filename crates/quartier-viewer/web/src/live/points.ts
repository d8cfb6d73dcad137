import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, GeoJSONSource, LayerSpecification } from 'maplibre-gl';
import type { CityMap } from '../map/city';
import type { Lettering } from '../map/generic';
import { by, type Tone } from './covers';
import { numberOf, type Reading } from './model';
import { colourExpression, type Scale } from './scale';
import { valueText } from './words';

const POINTS = 'live-sensors';
const CIRCLES = 'live/sensors';
const VALUES = 'live/sensor-values';

/** Text is placed anew with each change of the points; colours do not wait for that. */
const LABELS_MS = 2_000;

/** A finger is wider than a sensor. */
const REACH_PX = 9;

/** The sensors themselves. */
export class SensorPoints {
  private readings: Reading[] = [];
  private scale: Scale | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly city: CityMap,
    private readonly tone: Tone,
    lettering: Lettering,
  ) {
    const { map } = city;
    map.addSource(POINTS, { type: 'geojson', data: collection([]) });
    for (const layer of layersOf(tone, lettering)) map.addLayer(layer);
  }

  /** The sensors of one property; none where there is no scale. */
  show(readings: Reading[], scale: Scale | undefined): void {
    this.scale = scale;
    this.readings = readings;
    const { map } = this.city;
    map.removeFeatureState({ source: POINTS });
    if (scale) {
      const colour = colourExpression(scale);
      const stale = by(colour, this.tone.paper, this.tone.paper);
      map.setPaintProperty(CIRCLES, 'circle-color', isColour(stale, this.tone.paper));
      const edge = by(this.tone.ink, colour, this.tone.ink);
      map.setPaintProperty(CIRCLES, 'circle-stroke-color', isColour(edge, this.tone.ink));
    }
    for (const reading of readings) this.colour(reading);
    this.place();
  }

  /** One of them says something new. */
  colour(reading: Reading): void {
    const value = numberOf(reading.value);
    const look = value === undefined ? 'empty' : reading.stale ? 'stale' : 'fresh';
    const feature = { source: POINTS, id: reading.datastream };
    this.city.map.setFeatureState(feature, { value: value ?? null, look });
  }

  /** The readings have changed: labels follow when it is time. */
  follow(readings: Reading[]): void {
    this.readings = readings;
    this.timer ??= setTimeout(() => this.place(), LABELS_MS);
  }

  /** Zones are what is looked at: sensors step back. */
  setQuiet(isQuiet: boolean): void {
    const { map } = this.city;
    map.setPaintProperty(CIRCLES, 'circle-radius', isQuiet ? 2.5 : RADIUS);
    map.setLayoutProperty(VALUES, 'visibility', isQuiet ? 'none' : 'visible');
  }

  /** The thing at a point of the screen. */
  thingAt(x: number, y: number): number | undefined {
    const box: [[number, number], [number, number]] = [
      [x - REACH_PX, y - REACH_PX],
      [x + REACH_PX, y + REACH_PX],
    ];
    const [found] = this.city.map.queryRenderedFeatures(box, { layers: [CIRCLES] });
    return numberOf(found?.properties.thing);
  }

  private place(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const shown = this.scale ? this.readings : [];
    const isRound = this.scale?.isRound ?? false;
    const features = shown.flatMap((reading) => feature(reading, isRound));
    this.city.map.getSource<GeoJSONSource>(POINTS)?.setData(collection(features));
  }
}

const RADIUS: ExpressionSpecification = [
  'interpolate',
  ['linear'],
  ['zoom'],
  10,
  2.6,
  14,
  5.5,
  18,
  9,
];

function layersOf({ paper, ink }: Tone, lettering: Lettering): LayerSpecification[] {
  return [
    {
      id: CIRCLES,
      type: 'circle',
      source: POINTS,
      paint: {
        'circle-color': paper,
        'circle-radius': RADIUS,
        'circle-stroke-color': ink,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 0.8, 14, 1.5, 18, 2.2],
      },
    },
    {
      id: VALUES,
      type: 'symbol',
      source: POINTS,
      minzoom: 13.5,
      layout: {
        'text-field': ['get', 'label'],
        'text-font': ['system-ui', 'sans-serif'],
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 11, 17, 14],
        'text-anchor': 'bottom',
        'text-offset': [0, -0.75],
        'text-padding': 3,
      },
      paint: {
        'text-color': lettering.colour,
        'text-halo-color': lettering.halo,
        'text-halo-width': 1.8,
        'text-opacity': ['case', ['get', 'stale'], 0.6, 1],
      },
    },
  ];
}

function isColour(looks: ExpressionSpecification, otherwise: string): ExpressionSpecification {
  return [...looks.slice(0, -1), otherwise] as unknown as ExpressionSpecification;
}

const ARROWS = ['↓', '↙', '←', '↖', '↑', '↗', '→', '↘'];

/** Where the wind blows to, as weather maps draw it. */
function arrow(from: number): string {
  return `${ARROWS[Math.round((((from % 360) + 360) % 360) / 45) % ARROWS.length]} `;
}

function feature(reading: Reading, isRound: boolean) {
  const { datastream, thing, point, value, stale } = reading;
  if (!point) return [];
  const number = numberOf(value);
  const sign = isRound && number !== undefined ? arrow(number) : '';
  return [
    {
      type: 'Feature' as const,
      id: datastream,
      geometry: { type: 'Point' as const, coordinates: point },
      properties: { thing, stale, label: sign + valueText(value) },
    },
  ];
}

function collection(features: FeatureCollection['features']): FeatureCollection {
  return { type: 'FeatureCollection', features };
}
