// GDAL's driver decodes every tile of a sample without a word, and finds in it what Mapbox's decoder finds.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { collections, grids, tiles, zooms } from './city.mjs';
import { drawn, features } from './decode.mjs';
import { parsed, whole } from './measure.mjs';

const run = promisify(execFile);
const OUTPUT_MAX = 256 * 1024 * 1024;
const folder = await mkdtemp(join(tmpdir(), 'quartier-tiles-'));

after(() => rm(folder, { recursive: true }));

for (const grid of await grids()) {
  for (const collection of await collections()) {
    test(`GDAL reads ${collection} in ${grid.id} as Mapbox's decoder does`, async () => {
      for (const tile of await tiles(collection, grid, zooms(grid))) {
        if (tile.bytes.length === 0) continue;
        const decoded = features(tile).map((it) => [it.id, whole(drawn(it))]);
        assert.deepEqual(sorted(await byGdal(tile)), sorted(decoded), tile.path);
      }
    });
  }
}

/** In the tile's units: GDAL knows no place for a file whose name is none. */
async function byGdal({ bytes }) {
  const file = join(folder, 'tile.mvt');
  await writeFile(file, bytes);
  const options = ['-f', 'GeoJSON', '-oo', 'CLIP=NO', '/vsistdout/', `MVT:${file}`];
  const { stdout, stderr } = await run('ogr2ogr', options, { maxBuffer: OUTPUT_MAX });
  assert.equal(stderr, '');
  const { features } = JSON.parse(stdout);
  return features.map((it) => [it.properties.mvt_id, whole(parsed(it.geometry, ([x, y]) => ({ x, y })))]);
}

/** Rounded, since the two may begin a ring elsewhere. */
function sorted(sizes) {
  const rounded = sizes.map(([id, size]) => [id, Math.round(size * 100) / 100]);
  return rounded.sort(([a, x], [b, y]) => a - b || x - y);
}
