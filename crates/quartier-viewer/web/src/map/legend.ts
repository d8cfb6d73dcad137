import type { LayerSpecification } from 'maplibre-gl';
import { titledValue, unitOf } from '../describe';
import type { Property, Schema } from '../model';
import type { Group } from './layers';

/** How a layer looks at one value: a colour, drawn as the thing is drawn. */
export interface Sign {
  shape: Shape;
  colour: string;
  /** Of what lies inside the edge. */
  opacity: number;
}

export type Shape = 'area' | 'line' | 'point';

export interface LegendClass {
  label: string;
  colour: string;
}

export interface Legend {
  sign: Sign;
  /** Empty where all objects look the same. */
  title?: string;
  classes: LegendClass[];
}

/** A legend has to be read at a glance. */
const CLASSES_MAX = 12;

const COLOURS: Record<string, [string, Shape]> = {
  fill: ['fill-color', 'area'],
  'fill-extrusion': ['fill-extrusion-color', 'area'],
  circle: ['circle-color', 'point'],
  line: ['line-color', 'line'],
};

const UNKNOWN: Sign = { shape: 'area', colour: '#c9cdd2', opacity: 1 };

/**
 * What the group's layers mean, read from the style itself: the most telling layer speaks for the group, of those
 * that draw what its objects are.
 */
export function legendOf(group: Group, schema: Schema, shape?: Shape): Legend {
  const layers = group.layers.map(({ layer }) => layer).filter(({ type }) => type in COLOURS);
  const fitting = layers.filter(({ type }) => !shape || COLOURS[type]?.[1] === shape);
  const ranked = Object.keys(COLOURS).flatMap((type) =>
    (fitting.length > 0 ? fitting : layers).filter((it) => it.type === type),
  );
  const classified = ranked.find((layer) => classesOf(layer, schema).classes.length > 0);
  const first = classified ?? ranked[0];
  if (!first) return { sign: UNKNOWN, classes: [] };
  return { sign: signOf(first), ...classesOf(first, schema) };
}

function signOf(layer: LayerSpecification): Sign {
  const [, shape] = COLOURS[layer.type] ?? ['', 'area'];
  const opacity = (layer.paint as Record<string, unknown> | undefined)?.['fill-opacity'];
  return {
    shape,
    colour: plain(paintOf(layer)) ?? UNKNOWN.colour,
    opacity: typeof opacity === 'number' ? opacity : 1,
  };
}

function paintOf(layer: LayerSpecification): unknown {
  const [property = ''] = COLOURS[layer.type] ?? [];
  return (layer.paint as Record<string, unknown> | undefined)?.[property];
}

/** One colour that stands for all that the expression may yield. */
function plain(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  if (value[0] === 'step') return plain(value[2]);
  return plain(value.at(-1));
}

function classesOf(layer: LayerSpecification, schema: Schema): Pick<Legend, 'title' | 'classes'> {
  const value = paintOf(layer);
  if (!Array.isArray(value)) return { classes: [] };
  const name = readProperty(value[0] === 'interpolate' ? value[2] : value[1]);
  if (!name) return { classes: [] };
  const property = schema.properties?.[name] ?? {};
  const classes = [...classify(value, property)].slice(0, CLASSES_MAX);
  return { title: property.title ?? name, classes };
}

function readProperty(input: unknown): string | undefined {
  if (!Array.isArray(input)) return undefined;
  if (input[0] === 'get' && typeof input[1] === 'string') return input[1];
  return input.map(readProperty).find((name) => name !== undefined);
}

function* classify(value: unknown[], property: Property): Generator<LegendClass> {
  const unit = unitOf(property);
  const withUnit = (text: string) => (unit ? `${text} ${unit}` : text);
  const colour = (at: number) => plain(value[at]) ?? UNKNOWN.colour;
  if (value[0] === 'match') {
    for (let i = 2; i + 1 < value.length; i += 2) {
      const keys = [value[i]].flat();
      const label = keys.map((key) => titledValue(key, property)).join(', ');
      yield { label, colour: colour(i + 1) };
    }
  } else if (value[0] === 'step') {
    yield { label: withUnit(`< ${value[3]}`), colour: colour(2) };
    for (let i = 3; i + 1 < value.length; i += 2) {
      const next = value[i + 2];
      const label = next === undefined ? `≥ ${value[i]}` : `${value[i]} – ${next}`;
      yield { label: withUnit(label), colour: colour(i + 1) };
    }
  } else if (value[0] === 'interpolate') {
    for (let i = 3; i + 1 < value.length; i += 2) {
      yield { label: withUnit(String(value[i])), colour: colour(i + 1) };
    }
  }
}
