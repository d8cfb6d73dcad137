import { expect, test } from 'vitest';
import { faded, scaled } from './opacity';

test('half of an opacity is half of it', () => {
  expect(scaled(0.8, 0.5)).toBe(0.4);
});

test('an opacity that changes with the zoom keeps its stops', () => {
  const value = ['interpolate', ['linear'], ['zoom'], 10, 0, 14, 0.8];
  expect(scaled(value, 0.5)).toEqual(['interpolate', ['linear'], ['zoom'], 10, 0, 14, 0.4]);
  expect(scaled(['step', ['zoom'], 0, 12, 1], 0.5)).toEqual(['step', ['zoom'], 0, 12, 0.5]);
});

test('an opacity that depends on the object is multiplied', () => {
  expect(scaled(['get', 'share'], 0.5)).toEqual(['*', 0.5, ['get', 'share']]);
});

test('a layer without an opacity of its own is opaque', () => {
  const layer = { id: 'trees', type: 'circle', source: 'quartier' } as const;
  expect(faded(layer, 0.3)).toEqual([
    ['circle-opacity', 0.3],
    ['circle-stroke-opacity', 0.3],
  ]);
});
