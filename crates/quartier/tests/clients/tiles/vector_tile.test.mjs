// Mapbox's own decoder: every tile of a sample is as the specification says, and shows what the features show.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collections, grids, objects, tiles, zooms } from './city.mjs';
import { drawn, features } from './decode.mjs';
import { isAtEdge, placed, within } from './measure.mjs';
import { complaints } from './rings.mjs';

// From full detail on, each object is in its tiles with each of its positions.
const FULL_DETAIL_UNIT_M = 0.15;
const METRES_A_DEGREE = 111_319;

for (const grid of await grids()) {
  for (const collection of await collections()) {
    test(`${collection} in ${grid.id} are as the specification says at every zoom`, async () => {
      for (const found of await tiles(collection, grid, zooms(grid))) {
        for (const feature of features(found)) assertValid(found, feature);
      }
    });

    test(`${collection} in ${grid.id} have the size at full detail that the features have`, async () => {
      const deep = zooms(grid).filter((z) => isFullDetail(grid, z)).slice(0, 3);
      for (const found of await tiles(collection, grid, deep)) {
        assertSame(found, await shown(found, grid));
      }
    });
  }
}

function isFullDetail(grid, z) {
  const { cellSize, tileWidth } = grid.tileMatrices.find((it) => Number(it.id) === z);
  const metres = grid.crs.endsWith('CRS84') ? METRES_A_DEGREE : 1;
  return (cellSize * tileWidth * metres) / 4096 <= FULL_DETAIL_UNIT_M;
}

function assertValid({ path }, feature) {
  const what = `${path}, feature ${feature.id} (${feature.properties.id})`;
  const parts = feature.loadGeometry();
  assert.ok(parts.length > 0, `${what} has no geometry`);
  assert.ok(feature.type >= 1 && feature.type <= 3, `${what} has type ${feature.type}`);
  if (feature.type === 2) assert.ok(parts.every((line) => line.length > 1), `${what}: a line is a point`);
  if (feature.type === 3) assert.deepEqual(complaints(parts), [], what);
}

/** By id: what the features have of the tile, in its units. */
async function shown({ collection, box }, grid) {
  const found = await objects(collection, grid, box);
  return new Map(found.map((it) => [it.id, placed(it.geometry, box, box[2] - box[0])]));
}

function assertSame(found, wanted) {
  const decoded = new Map(features(found).map((it) => [it.properties.id, it]));
  for (const [id, shape] of wanted) {
    const { size, error } = within(shape);
    if (shape.dimension === 0) {
      const inner = shape.parts.flat().filter((point) => !isAtEdge(point));
      const there = decoded.get(id)?.loadGeometry().flat() ?? [];
      assert.ok(inner.length <= there.length, `${found.path}: ${id} is not there`);
      continue;
    }
    const there = decoded.has(id) ? within(drawn(decoded.get(id))) : { size: 0, error: 0 };
    const difference = Math.abs(there.size - size);
    assert.ok(difference <= error, `${found.path}: ${id} has ${there.size} square units, not ${size}`);
  }
  for (const [id, feature] of decoded) {
    const { size, error } = within(drawn(feature));
    assert.ok(wanted.has(id) || size <= error, `${found.path}: ${id} is not there in the features`);
  }
}
