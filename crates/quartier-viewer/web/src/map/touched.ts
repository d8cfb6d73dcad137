/** West, south, east, north, in degrees. */
export type Box = [number, number, number, number];

export interface Tile {
  x: number;
  y: number;
  z: number;
}

/** Objects as far as this beyond a tile's edge, in its widths, have a say in what it shows. */
const REACH = 1 / 12;

/** So many are told one by one; of more it is quicker to ask for all. */
const TILES_MAX = 2_000;

/** Where Web Mercator ends. */
const LATITUDE_MAX = 85.051129;

/** The tiles of Web Mercator that show what is in the boxes; undefined where these are too many to be told. */
export function tilesAt(boxes: Box[], zoomMax: number): Tile[] | undefined {
  const tiles = new Map<string, Tile>();
  for (let z = 0; z <= zoomMax; z++) {
    for (const box of boxes) {
      const { x, y } = spans(box, 2 ** z);
      if ((x.last - x.first + 1) * (y.last - y.first + 1) > TILES_MAX) return undefined;
      for (const tile of between(x, y, z)) tiles.set(`${z}/${tile.x}/${tile.y}`, tile);
      if (tiles.size > TILES_MAX) return undefined;
    }
  }
  return [...tiles.values()];
}

interface Span {
  first: number;
  last: number;
}

function* between(x: Span, y: Span, z: number): Generator<Tile> {
  for (let column = x.first; column <= x.last; column++) {
    for (let row = y.first; row <= y.last; row++) yield { x: column, y: row, z };
  }
}

function spans([west, south, east, north]: Box, count: number): { x: Span; y: Span } {
  return {
    x: span(across(west) * count, across(east) * count, count),
    y: span(down(north) * count, down(south) * count, count),
  };
}

function span(from: number, to: number, count: number): Span {
  const inside = (at: number) => Math.min(count - 1, Math.max(0, Math.floor(at)));
  return { first: inside(from - REACH), last: inside(to + REACH) };
}

/** From 0 in the west to 1 in the east. */
function across(longitude: number): number {
  return (longitude + 180) / 360;
}

/** From 0 in the north to 1 in the south. */
function down(latitude: number): number {
  const inside = Math.min(LATITUDE_MAX, Math.max(-LATITUDE_MAX, latitude));
  const angle = (inside * Math.PI) / 180;
  return 0.5 - Math.asinh(Math.tan(angle)) / (2 * Math.PI);
}
