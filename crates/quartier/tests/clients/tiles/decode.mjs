import assert from 'node:assert/strict';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { EXTENT } from './measure.mjs';

/** Those of the one layer there is; a tile that is empty has none. */
export function features({ bytes, collection, path }) {
  const { layers } = new VectorTile(new PbfReader(bytes));
  const names = Object.keys(layers);
  assert.deepEqual(names, bytes.length > 0 ? [collection] : [], path);
  return names.flatMap((name) => {
    const layer = layers[name];
    assert.equal(layer.version, 2);
    assert.equal(layer.extent, EXTENT);
    return Array.from({ length: layer.length }, (_, i) => layer.feature(i));
  });
}

/** With the dimension of its parts. */
export function drawn(feature) {
  return { dimension: feature.type - 1, parts: feature.loadGeometry() };
}
