// MapLibre draws every collection at every zoom and in a tilted view, and complains of nothing.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { chromium } from '../../../../quartier-viewer/web/node_modules/playwright-core/index.mjs';
import { collections, middle, url } from './city.mjs';

const LIBRARY = new URL('../../../../quartier-viewer/web/node_modules/maplibre-gl/dist/', import.meta.url);
const ZOOMS = [0, 4, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20];
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.QUARTIER_CHROMIUM, args: ARGUMENTS });
});

after(() => browser.close());

for (const collection of await collections()) {
  test(`MapLibre draws ${collection} at every zoom`, async () => {
    const page = await browser.newPage({ bypassCSP: true, viewport: { width: 800, height: 600 } });
    try {
      await page.route('**/maplibre/*', fromLibrary);
      await page.goto(`${url}/health`);
      const tiles = `${url}/collections/${collection}/tiles/WebMercatorQuad/{z}/{y}/{x}`;
      const center = await middle(collection);
      const { complaints, seen } = await page.evaluate(draw, { collection, tiles, center, zooms: ZOOMS });
      assert.deepEqual(complaints, []);
      assert.ok(seen.at(-4) > 0, `nothing is seen of ${collection} at z16`);
    } finally {
      await page.close();
    }
  });
}

async function fromLibrary(route) {
  const name = new URL(route.request().url()).pathname.split('/').at(-1);
  await route.fulfill({ contentType: 'text/javascript', body: await readFile(new URL(name, LIBRARY)) });
}

// Runs in the page.
async function draw({ collection, tiles, center, zooms }) {
  const library = await import('/maplibre/maplibre-gl.mjs');
  library.setWorkerUrl(`${location.origin}/maplibre/maplibre-gl-worker.mjs`);
  document.body.innerHTML = '<div id="map" style="position: fixed; inset: 0"></div>';
  const layer = (id, type, kind) => ({ id, type, source: 'city', 'source-layer': collection, filter: ['==', ['geometry-type'], kind] });
  const map = new library.Map({
    container: 'map',
    center,
    zoom: zooms[0],
    fadeDuration: 0,
    style: {
      version: 8,
      sources: { city: { type: 'vector', tiles: [tiles], maxzoom: 16 } },
      layers: [
        layer('areas', 'fill', 'Polygon'),
        layer('lines', 'line', 'LineString'),
        layer('points', 'circle', 'Point'),
      ],
    },
  });
  const complaints = [];
  map.on('error', ({ error }) => complaints.push(error.message));
  const idle = () => new Promise((done) => map.once('idle', done));
  await idle();
  const seen = [];
  for (const zoom of zooms) {
    map.jumpTo({ center, zoom, pitch: zoom % 2 === 0 ? 0 : 60 });
    await idle();
    seen.push(map.querySourceFeatures('city', { sourceLayer: collection }).length);
  }
  map.remove();
  return { complaints, seen };
}
