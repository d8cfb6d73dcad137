// Mapbox's own decoder: every tile of a sample is as the specification says, and shows what the features show.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collections, grids, objects, tiles, zooms } from './city.mjs';
import { drawn, features } from './decode.mjs';
import { highest, isAtEdge, placed, sum, within } from './measure.mjs';
import { complaints } from './rings.mjs';

// From full detail on, each object is in its tiles with each of its positions.
const FULL_DETAIL_UNIT_M = 0.15;
const METRES_A_DEGREE = 111_319;
const DEEP_ZOOMS = 3;

/** Tiles above it hold a whole city many times over. */
const FIRST_TOWN_ZOOM = 8;

// Below that, small areas are merged and points thinned: what they cover, and how many there are, has to stay.
const COVERED_ERROR = 0.1;
// Tones say about how densely ground is covered.
const TONED_ERROR = 0.25;

/** Of an area that is smaller, in square units, a tile's pixels do not say much: 20 by 20 pixels. */
const COVERED_MIN = (20 * 8) ** 2;

for (const grid of await grids()) {
  for (const collection of await collections()) {
    test(`${collection} in ${grid.id} are as the specification says at every zoom`, async () => {
      for (const found of await tiles(collection, grid, zooms(grid))) {
        for (const feature of features(found)) assertValid(found, feature);
      }
    });

    test(`${collection} in ${grid.id} have the size at full detail that the features have`, async () => {
      const deep = zooms(grid).filter((z) => isFullDetail(grid, z)).slice(0, DEEP_ZOOMS);
      for (const found of await tiles(collection, grid, deep)) {
        assertSame(found, await shown(found, grid));
      }
    });

    test(`${collection} in ${grid.id} cover and count at lower zooms what they do at full detail`, async () => {
      const lower = zooms(grid).filter((z) => z >= FIRST_TOWN_ZOOM && !isFullDetail(grid, z));
      for (const found of await tiles(collection, grid, lower)) {
        assertAlike(found, await shown(found, grid));
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

/** Areas by what all of them cover, points by how many they stand for; lines are compared at full detail only. */
function assertAlike(found, wanted) {
  const all = features(found);
  const shapes = [...wanted.values()];
  const covered = (shapes, dimension) =>
    sum(shapes.filter((it) => it.dimension === dimension).map((it) => within(it).size));
  const areas = all.map((it) => ({ shape: drawn(it), tone: toneOf(it) })).filter(({ shape }) => shape.dimension === 2);
  const area = sum(areas.map(({ shape, tone }) => within(shape).size * (tone ?? 1)));
  const wantedArea = covered(shapes, 2);
  if (wantedArea >= COVERED_MIN) {
    const share = area / wantedArea;
    const error = areas.some(({ tone }) => tone !== undefined) ? TONED_ERROR : COVERED_ERROR;
    assert.ok(Math.abs(share - 1) <= error, `${found.path} covers ${share} of what it should`);
  }
  const points = shapes.filter((it) => it.dimension === 0);
  const standing = all.filter((it) => it.type === 1).map((it) => ({ shape: drawn(it), count: it.properties.count ?? 1 }));
  // One on the edge may be seen on its other side, with all those that it stands for.
  const onEdge = standing.filter(({ shape }) => shape.parts.flat().some(isAtEdge));
  const doubtful = points.flatMap((it) => it.parts.flat()).filter(isAtEdge).length + sum(onEdge.map((it) => it.count));
  const counted = sum(standing.map(({ shape, count }) => within(shape).size * count));
  const missing = Math.abs(counted - covered(points, 0));
  assert.ok(missing <= doubtful, `${found.path} counts ${counted} of ${covered(points, 0)} points`);
}

/** How densely a block is covered; an object is covered by itself. */
function toneOf({ properties: { id, covered } }) {
  return id === undefined ? covered : undefined;
}

function assertSame(found, wanted) {
  const decoded = byId(features(found));
  for (const [id, shape] of wanted) {
    const there = decoded.get(id) ?? { dimension: shape.dimension, parts: [] };
    if (shape.dimension === 0) {
      const inner = shape.parts.flat().filter((point) => !isAtEdge(point));
      assert.ok(inner.length <= there.parts.flat().length, `${found.path}: ${id} is not there`);
    } else {
      const [{ size, error }, other] = [within(shape), within(there)];
      const isSame = Math.abs(other.size - size) <= error;
      assert.ok(isSame, `${found.path}: ${id} has ${other.size} square units, not ${size}`);
    }
  }
  for (const [id, shape] of decoded) {
    const { size, error } = within(shape);
    assert.ok(wanted.has(id) || size <= error || isOfEdgePoints(shape), `${found.path}: ${id} is not there in the features`);
  }
}

function isOfEdgePoints({ dimension, parts }) {
  return dimension === 0 && parts.flat().every(isAtEdge);
}

/** An object of several kinds of geometry is several features. */
function byId(features) {
  const ids = new Set(features.map((it) => it.properties.id));
  const alike = (id) => features.filter((it) => it.properties.id === id).map(drawn);
  return new Map([...ids].map((id) => [id, highest(alike(id))]));
}
