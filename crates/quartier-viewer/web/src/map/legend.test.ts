import type { LayerSpecification } from 'maplibre-gl';
import { expect, test } from 'vitest';
import type { Schema } from '../model';
import { legendOf } from './legend';

function legend(paint: unknown, schema: Schema = {}) {
  const layer = { id: 'a', type: 'fill', source: 'quartier', paint: { 'fill-color': paint } };
  const collection = { id: 'blocks', links: [] };
  const layers = [{ layer: layer as LayerSpecification, view: 'both' as const }];
  return legendOf({ collection, layers }, schema);
}

test('a plain layer has one sign and no classes', () => {
  expect(legend('#abc')).toEqual({
    sign: { shape: 'area', colour: '#abc', opacity: 1 },
    classes: [],
  });
});

test('classes of codes are named by the texts of the codes', () => {
  const schema = { properties: { use: { title: 'Use', oneOf: [{ const: 1, title: 'Homes' }] } } };
  const { title, classes } = legend(
    ['match', ['get', 'use'], 1, 'red', [2, 3], 'blue', 'grey'],
    schema,
  );
  expect(title).toBe('Use');
  expect(classes).toEqual([
    { label: 'Homes', colour: 'red' },
    { label: '2, 3', colour: 'blue' },
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
  };
  expect(legendOf(group, {}, 'point').sign.shape).toBe('point');
});

test('what only changes with the zoom has no classes', () => {
  const { sign, classes } = legend(['interpolate', ['linear'], ['zoom'], 10, 'red', 16, 'blue']);
  expect(sign.colour).toBe('blue');
  expect(classes).toEqual([]);
});
