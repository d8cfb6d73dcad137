import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, test, vi } from 'vitest';
import { GROUND, groundOf } from './ground';

// The page's own address is asked for when its module is loaded.
vi.hoisted(() => vi.stubGlobal('document', { baseURI: 'http://city.example/map/' }));

test('a file of pictures is one layer', () => {
  const archive = { id: 'from above', title: 'From above', dataType: 'map' as const };
  const { source, layers } = groundOf(archive, {}, false);
  expect(source).toMatchObject({ type: 'raster', url: expect.stringMatching(/from%20above$/) });
  expect(layers).toHaveLength(1);
});

test('a file of vector tiles is a valid style, with water of its own colour', () => {
  const archive = { id: 'basemap', title: 'Basemap', dataType: 'vector' as const };
  const tiles = { vector_layers: [{ id: 'water' }, { id: 'roads' }] };
  const { source, layers } = groundOf(archive, tiles, true);
  expect(validateStyleMin({ version: 8, sources: { [GROUND]: source }, layers })).toEqual([]);
  const colours = layers.map(({ paint }) => Object.values(paint ?? {})[0]);
  expect(colours[0]).not.toBe(colours[2]);
});
