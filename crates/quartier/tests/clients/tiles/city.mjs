// The running city, over HTTP: its collections, its grids, and a seeded sample of its tiles.

export const url = process.env.QUARTIER_URL.replace(/\/$/, '');

// The samples are small: a town is decoded whole at each zoom by few tiles.
const TILES_OF_A_ZOOM = 3;
const OBJECTS_LOOKED_AT = 1000;
const ZOOM_MAX = 20;

export async function collections() {
  const { collections } = await json('/collections');
  return collections.map((it) => it.id);
}

export async function grids() {
  const { tileMatrixSets } = await json('/tileMatrixSets');
  return Promise.all(tileMatrixSets.map(({ id }) => json(`/tileMatrixSets/${id}`)));
}

export function zooms(grid) {
  return grid.tileMatrices.map((it) => Number(it.id)).filter((z) => z <= ZOOM_MAX);
}

/** A seeded sample of each zoom's tiles. */
export async function tiles(collection, grid, zooms) {
  const places = await sample(collection, grid, zooms);
  return Promise.all(places.map((place) => tile(collection, grid, place)));
}

/** A tile's address, its box in the grid's CRS, and its bytes. */
async function tile(collection, grid, { z, column, row }) {
  const path = `/collections/${collection}/tiles/${grid.id}/${z}/${row}/${column}`;
  const answer = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } });
  if (answer.status !== 200 && answer.status !== 204) {
    throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { path, bytes, collection, grid, z, column, row, box: box(grid, { z, column, row }) };
}

/** Tiles of each zoom in which the collection has objects, the same in each run. */
async function sample(collection, grid, zooms) {
  const places = await positions(collection, grid);
  const chance = lcg(collection.length + grid.id.length);
  const tiles = [];
  for (const z of zooms.filter((z) => matrix(grid, z))) {
    const seen = new Map();
    for (const place of shuffled(places, chance)) {
      const found = containing(grid, z, place);
      seen.set(`${found.column}/${found.row}`, found);
      if (seen.size === TILES_OF_A_ZOOM) break;
    }
    tiles.push(...seen.values());
  }
  return tiles;
}

/** Longitude and latitude of one of the objects. */
export async function middle(collection) {
  const page = await json(`/collections/${collection}/items?limit=1`);
  return position(page.features[0].geometry);
}

/** All objects that meet a box in the grid's CRS, or its edge but for a tile's unit, in that CRS, as x, y. */
export async function objects(collection, grid, [west, south, east, north]) {
  const crs = encodeURIComponent(grid.crs);
  const unit = (east - west) / 4096;
  const bbox = [west - unit, south - unit, east + unit, north + unit].join(',');
  let next = `/collections/${collection}/items?limit=10000&crs=${crs}&bbox-crs=${crs}&bbox=${bbox}`;
  const features = [];
  while (next) {
    const page = await json(next);
    features.push(...page.features);
    next = page.links.find((it) => it.rel === 'next')?.href.slice(url.length);
  }
  return features;
}

async function positions(collection, grid) {
  const crs = encodeURIComponent(grid.crs);
  const page = await json(`/collections/${collection}/items?limit=${OBJECTS_LOOKED_AT}&crs=${crs}`);
  return page.features.map(({ geometry }) => position(geometry));
}

function position({ coordinates, geometries }) {
  return geometries ? position(geometries[0]) : coordinates.flat(Infinity).slice(0, 2);
}

function matrix(grid, z) {
  return grid.tileMatrices.find((it) => Number(it.id) === z);
}

function span(grid, z) {
  const { cellSize, tileWidth } = matrix(grid, z);
  return cellSize * tileWidth;
}

function containing(grid, z, [x, y]) {
  const [west, north] = matrix(grid, z).pointOfOrigin;
  const size = span(grid, z);
  return { z, column: Math.floor((x - west) / size), row: Math.floor((north - y) / size) };
}

function box(grid, { z, column, row }) {
  const [west, north] = matrix(grid, z).pointOfOrigin;
  const size = span(grid, z);
  const left = west + column * size;
  const top = north - row * size;
  return [left, top - size, left + size, top];
}

function shuffled(things, chance) {
  const order = things.map((thing) => ({ thing, place: chance() }));
  return order.sort((a, b) => a.place - b.place).map(({ thing }) => thing);
}

/** Knuth's multiplier. */
function lcg(seed) {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 32n) / 2 ** 32;
  };
}

async function json(path) {
  const answer = await fetch(url + path, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
