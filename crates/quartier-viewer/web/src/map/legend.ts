import type { LayerSpecification } from 'maplibre-gl';
import { unitOf } from '../describe';
import type { Property, Schema } from '../model';
import { evaluate } from './evaluate';
import type { Group } from './layers';

export type Shape = 'area' | 'line' | 'point';

/** How a layer looks at one value: a colour, drawn as the thing is drawn. */
export interface Sign {
  shape: Shape;
  colour: string;
  /** Of what lies inside the edge. */
  opacity: number;
}

export interface LegendClass {
  label: string;
  colour: string;
}

export interface Legend {
  sign: Sign;
  /** What the classes are of. */
  title?: string;
  /** Empty where all objects look the same. */
  classes: LegendClass[];
}

/** A legend has to be read at a glance. */
const CLASSES_MAX = 12;
const CODES_PER_CLASS_MAX = 3;

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
  // What is drawn last lies on top.
  const candidates = (fitting.length > 0 ? fitting : layers).reverse();
  const ranked = Object.keys(COLOURS).flatMap((type) =>
    candidates.filter((it) => it.type === type),
  );
  const classified = ranked.find((layer) => propertyOf(paintOf(layer)));
  const speaker = classified ?? ranked[0];
  if (!speaker) return { sign: UNKNOWN, classes: [] };
  const peers = ranked.filter(({ type }) => type === speaker.type);
  return { sign: signOf(speaker), ...classesOf(speaker, peers, schema) };
}

function signOf(layer: LayerSpecification): Sign {
  const [, shape] = COLOURS[layer.type] ?? ['', 'area'];
  const opacity = (layer.paint as Record<string, unknown> | undefined)?.['fill-opacity'];
  return {
    shape,
    colour: plain(paintOf(layer)) ?? UNKNOWN.colour,
    opacity: plainOpacity(opacity),
  };
}

/** That of what is no special case. */
function plainOpacity(value: unknown): number {
  if (typeof value === 'number') return value;
  return Array.isArray(value) && value[0] === 'case' ? plainOpacity(value.at(-1)) : 1;
}

function paintOf(layer: LayerSpecification): unknown {
  const [property = ''] = COLOURS[layer.type] ?? [];
  return (layer.paint as Record<string, unknown> | undefined)?.[property];
}

/** One colour that stands for all that the expression may yield. */
function plain(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  return plain(value[0] === 'step' ? value[2] : value.at(-1));
}

/** The property that a colour depends on. */
function propertyOf(colour: unknown): string | undefined {
  if (!Array.isArray(colour)) return undefined;
  if (colour[0] === 'get' && typeof colour[1] === 'string') return colour[1];
  return colour.map(propertyOf).find((name) => name !== undefined);
}

function classesOf(
  speaker: LayerSpecification,
  peers: LayerSpecification[],
  schema: Schema,
): Pick<Legend, 'title' | 'classes'> {
  const colour = paintOf(speaker);
  const name = propertyOf(colour);
  if (!name || !Array.isArray(colour)) return { classes: [] };
  const property = schema.properties?.[name] ?? {};
  const classes = property.oneOf ? ofCodes(name, property, peers) : ofRanges(colour, property);
  return { title: property.title ?? name, classes: classes.slice(0, CLASSES_MAX) };
}

/** Each code in the colour that it is drawn in; codes of one colour are one class. */
function ofCodes(name: string, property: Property, peers: LayerSpecification[]): LegendClass[] {
  const titles = new Map<string, string[]>();
  for (const code of property.oneOf ?? []) {
    const values = { [name]: code.const };
    const layer = peers.find((it) => !('filter' in it) || evaluate(it.filter, values) === true);
    const colour = layer && evaluate(paintOf(layer), values);
    if (typeof colour !== 'string') continue;
    titles.set(colour, [...(titles.get(colour) ?? []), code.title ?? String(code.const)]);
  }
  return [...titles].map(([colour, titles]) => ({ colour, label: joined(titles) }));
}

function joined(titles: string[]): string {
  const shown = titles.slice(0, CODES_PER_CLASS_MAX).join(', ');
  return titles.length > CODES_PER_CLASS_MAX ? `${shown} …` : shown;
}

function ofRanges(colour: unknown[], property: Property): LegendClass[] {
  const [operator] = colour;
  const classes = CLASSES[String(operator)]?.(colour) ?? [];
  const unit = unitOf(property);
  return classes.map(([label, value]) => ({
    label: unit && operator !== 'match' ? `${label} ${unit}` : label,
    colour: plain(value) ?? UNKNOWN.colour,
  }));
}

/** Labels and colours of what an expression tells apart. */
const CLASSES: Record<string, (expression: unknown[]) => [string, unknown][]> = {
  match: (it) => pairs(it.slice(2, -1)).map(([key, value]) => [[key].flat().join(', '), value]),
  interpolate: (it) => pairs(it.slice(3)).map(([at, value]) => [String(at), value]),
  step: (it) => {
    const steps = pairs(it.slice(3));
    const ranges = steps.map(([at, value], i): [string, unknown] => {
      const next = steps[i + 1];
      return [next ? `${at} – ${next[0]}` : `≥ ${at}`, value];
    });
    return [[`< ${it[3]}`, it[2]], ...ranges];
  },
};

function pairs(flat: unknown[]): [unknown, unknown][] {
  return flat.flatMap((it, i) => (i % 2 === 0 ? [[it, flat[i + 1]] as [unknown, unknown]] : []));
}
