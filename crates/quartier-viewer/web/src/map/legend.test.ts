import type { LayerSpecification } from 'maplibre-gl';
import { expect, test } from 'vitest';
import type { Schema } from '../model';
import { legendOf } from './legend';

function legend(paint: unknown, schema: Schema = {}) {
  const layer = { id: 'a', type: 'fill', source: 'quartier', paint: { 'fill-color': paint } };
  const collection = { id: 'blocks', links: [] };
  const layers = [{ layer: layer as LayerSpecification, view: 'both' as const }];
  return legendOf({ collection, layers, raisedFrom: 0 }, schema);
}

test('a plain layer has one sign and no classes', () => {
  expect(legend('#abc')).toEqual({
    sign: { shape: 'area', colour: '#abc', opacity: 1 },
    classes: [],
  });
});

test('codes of one colour are one class, named by the texts of the codes', () => {
  const oneOf = [
    { const: '31001_1000', title: 'Homes' },
    { const: '31001_2463', title: 'Garage' },
    { const: '31001_1020', title: 'Hostel' },
  ];
  const group = ['slice', ['to-string', ['coalesce', ['get', 'function'], '']], 6, 8];
  const schema = { properties: { function: { title: 'Function', oneOf } } };
  const { title, classes } = legend(['match', group, ['10', '11'], 'red', 'grey'], schema);
  expect(title).toBe('Function');
  expect(classes).toEqual([
    { label: 'Homes, Hostel', colour: 'red' },
    { label: 'Garage', colour: 'grey' },
  ]);
});

test('values without texts stand for themselves', () => {
  const { classes } = legend(['match', ['get', 'use'], 1, 'red', [2, 3], 'blue', 'grey']);
  expect(classes).toEqual([
    { label: '1', colour: 'red' },
    { label: '2, 3', colour: 'blue' },
  ]);
});

test('a code has the colour of the layer that lets it through', () => {
  const property = { oneOf: [{ const: 'primary' }, { const: 'path' }] };
  const isPath = ['==', ['get', 'class'], 'path'];
  const layers = [
    { filter: isPath, paint: { 'line-color': 'brown' } },
    {
      filter: ['!', isPath],
      paint: { 'line-color': ['match', ['get', 'class'], 'primary', 'gold', 'white'] },
    },
  ].map((it) => ({ layer: { type: 'line', ...it } as LayerSpecification, view: 'both' as const }));
  const group = { collection: { id: 'streets', links: [] }, layers, raisedFrom: 0 };
  expect(legendOf(group, { properties: { class: property } }).classes).toEqual([
    { label: 'primary', colour: 'gold' },
    { label: 'path', colour: 'brown' },
  ]);
});

test('steps are ranges with their unit', () => {
  const schema = { properties: { height_m: { 'x-ogc-unit': 'm' } } };
  const { classes } = legend(['step', ['get', 'height_m'], 'a', 5, 'b', 10, 'c'], schema);
  expect(classes.map(({ label }) => label)).toEqual(['< 5 m', '5 – 10 m', '≥ 10 m']);
});

test('what is drawn for any geometry is signed as the objects are', () => {
  const layer = (type: string) => ({
    layer: { id: type, type, source: 'quartier' } as LayerSpecification,
    view: 'both' as const,
  });
  const group = {
    collection: { id: 'stops', links: [] },
    layers: ['fill', 'line', 'circle'].map(layer),
    raisedFrom: 0,
  };
  expect(legendOf(group, {}, 'point').sign.shape).toBe('point');
});

test('what only changes with the zoom has no classes', () => {
  const { sign, classes } = legend(['interpolate', ['linear'], ['zoom'], 10, 'red', 16, 'blue']);
  expect(sign.colour).toBe('blue');
  expect(classes).toEqual([]);
});
