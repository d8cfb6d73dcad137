// Pictures of a running server: `node pictures.mjs URL map|grid NAME X Y ZOOM…`.

import { fileURLToPath } from 'node:url';
import { chromium } from '../../crates/quartier-viewer/web/node_modules/playwright-core/index.mjs';

const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const WINDOW = { viewport: { width: 1280, height: 800 }, locale: 'de-DE', bypassCSP: true };
/** Drawing on the processor takes its time. */
const PATIENCE_MS = 180_000;
const GRID = 'UTM32Quad';

const [url, kind, name, x, y, ...zooms] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.QUARTIER_CHROMIUM, args: ARGUMENTS });
try {
  for (const zoom of zooms) {
    const page = await browser.newPage(WINDOW);
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => console.error(`pictures: ${error.message}`));
    await (kind === 'map' ? onTheMap(page, zoom) : inTheGrid(page, zoom));
    await page.screenshot({ path: `${name}-z${zoom}.png` });
    await page.close();
  }
} finally {
  await browser.close();
}

/** The map page as its visitors see it. */
async function onTheMap(page, zoom) {
  await page.goto(`${url}/map/#map=${zoom}/${y}/${x}`);
  const idle = page.locator('#progress[data-state="idle"]');
  await idle.waitFor({ state: 'attached' });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await idle.waitFor({ state: 'attached' });
}

/** A page of OpenLayers on the server's own grid, without any transformation. */
async function inTheGrid(page, zoom) {
  await page.goto(`${url}/health`);
  await page.addScriptTag({ path: fileURLToPath(new URL('node_modules/ol/dist/ol.js', import.meta.url)) });
  const grids = await (await fetch(`${url}/tileMatrixSets`)).json();
  const { id } = grids.tileMatrixSets.find((it) => it.crs.endsWith('/25832')) ?? { id: GRID };
  const grid = await (await fetch(`${url}/tileMatrixSets/${id}`)).json();
  await page.evaluate(draw, { grid, center: [Number(x), Number(y)], zoom: Number(zoom) });
}

// Runs in the page.
async function draw({ grid, center, zoom }) {
  document.body.innerHTML = '<div id="map" style="position: fixed; inset: 0; background: #f7f5f0"></div>';
  const matrices = grid.tileMatrices;
  const projection = new ol.proj.Projection({ code: 'EPSG:25832', units: 'm' });
  const tileGrid = new ol.tilegrid.TileGrid({
    origins: matrices.map((it) => it.pointOfOrigin),
    resolutions: matrices.map((it) => it.cellSize),
    tileSizes: matrices.map((it) => [it.tileWidth, it.tileHeight]),
  });
  const fill = (color, line) =>
    new ol.style.Style({ fill: new ol.style.Fill({ color }), stroke: new ol.style.Stroke(line) });
  const line = (color, width) => new ol.style.Style({ stroke: new ol.style.Stroke({ color, width }) });
  const dot = new ol.style.Style({
    image: new ol.style.Circle({ radius: 3, fill: new ol.style.Fill({ color: '#b3261e' }) }),
  });
  const layer = (collection, style) =>
    new ol.layer.VectorTile({
      style,
      source: new ol.source.VectorTile({
        format: new ol.format.MVT(),
        projection,
        tileGrid,
        tileUrlFunction: ([z, column, row]) =>
          `${location.origin}/collections/${collection}/tiles/${grid.id}/${z}/${row}/${column}`,
      }),
    });
  const map = new ol.Map({
    target: 'map',
    controls: [],
    layers: [
      layer('districts_l1', fill('#efece3', { color: '#8a7f6d', width: 2 })),
      layer('districts_l3', line('#b9b1a1', 1)),
      layer('blocks', fill('#d9c3a5', { color: '#a58d68', width: 0.6 })),
      layer('streets', line('#d06a4c', 1.2)),
      layer('stops', dot),
    ],
    view: new ol.View({ projection, center, resolution: matrices[zoom].cellSize }),
  });
  await new Promise((done) => map.once('rendercomplete', done));
}
