import { expect, test } from 'vitest';
import { tilesAt } from './touched';

const HOUSE: [number, number, number, number] = [7.62, 51.955, 7.6202, 51.9551];

test('a house is in few tiles of each zoom', () => {
  const tiles = tilesAt([HOUSE], 16);
  expect(tiles).toContainEqual({ z: 0, x: 0, y: 0 });
  expect(tiles).toContainEqual({ z: 14, x: 8538, y: 5415 });
  for (let zoom = 0; zoom <= 16; zoom++) {
    expect(tiles?.filter(({ z }) => z === zoom).length).toBeLessThanOrEqual(4);
  }
});

test('a house at the edge of a tile is in the one beside it too', () => {
  const edge = (8539 / 2 ** 14) * 360 - 180;
  const tiles = tilesAt([[edge - 0.0005, 51.955, edge - 0.0004, 51.9551]], 14);
  expect(tiles).toContainEqual({ z: 14, x: 8538, y: 5415 });
  expect(tiles).toContainEqual({ z: 14, x: 8539, y: 5415 });
});

test('tiles are told once, and not at all where there are too many', () => {
  const tiles = tilesAt([HOUSE, HOUSE], 16) ?? [];
  expect(new Set(tiles.map(({ x, y, z }) => `${z}/${x}/${y}`)).size).toBe(tiles.length);
  expect(tilesAt([[-180, -90, 180, 90]], 16)).toBeUndefined();
});
