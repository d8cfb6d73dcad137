// How much of an object lies within a tile, in the tile's units: of an object as the features have it, and of one that
// was decoded.

import { area } from './rings.mjs';

export const EXTENT = 4096;

/** Rounding moves a position by half a unit at most on each axis. */
const MOVED_MAX = Math.SQRT1_2;

/** A GeoJSON geometry in a tile's units. */
export function placed(geometry, [west, , , north], span) {
  const scale = EXTENT / span;
  return parsed(geometry, ([x, y]) => ({ x: (x - west) * scale, y: (north - y) * scale }));
}

/** A GeoJSON geometry as flat lists of its points, lines or rings. */
export function parsed({ type, coordinates, geometries }, place) {
  switch (type) {
    case 'GeometryCollection':
      return highest(geometries.map((it) => parsed(it, place)));
    case 'Point':
      return { dimension: 0, parts: [[place(coordinates)]] };
    case 'MultiPoint':
      return { dimension: 0, parts: coordinates.map((it) => [place(it)]) };
    case 'LineString':
      return { dimension: 1, parts: [coordinates.map(place)] };
    case 'MultiLineString':
      return { dimension: 1, parts: coordinates.map((it) => it.map(place)) };
    case 'Polygon':
      return { dimension: 2, parts: wound([coordinates], place) };
    case 'MultiPolygon':
      return { dimension: 2, parts: wound(coordinates, place) };
    default:
      throw new Error(`${type} is not expected here`);
  }
}

/** Of several shapes, areas before lines before points, since an object is seen by those. */
export function highest(shapes) {
  const dimension = Math.max(...shapes.map((it) => it.dimension));
  return { dimension, parts: shapes.filter((it) => it.dimension === dimension).flatMap((it) => it.parts) };
}

/** Points, length or area of all of it. */
export function whole({ dimension, parts }) {
  const points = parts.flat().length;
  return [points, sum(parts.map(length)), sum(parts.map(area))][dimension];
}

/** Points, length or area within the tile itself, and how far rounding may have moved that. */
export function within({ dimension, parts }) {
  if (dimension === 0) return { size: parts.filter(([point]) => isWithin(point)).length, error: 0 };
  if (dimension === 1) {
    const pieces = parts.flatMap((part) => pairs(part).map(clippedLength));
    return { size: sum(pieces), error: 2 * MOVED_MAX * pieces.filter((it) => it > 0).length + 2 };
  }
  const rings = parts.map(clippedRing);
  return { size: sum(rings.map(area)), error: MOVED_MAX * sum(rings.map(length)) + 2 };
}

/** Whether a point stands so near to the tile's edge that rounding decides. */
export function isAtEdge({ x, y }) {
  return [x, y].some((it) => Math.abs(it) <= 1 || Math.abs(it - EXTENT) <= 1);
}

export function sum(numbers) {
  return numbers.reduce((total, it) => total + it, 0);
}

// Exterior rings with a positive area, and holes with a negative one, as in tiles.
function wound(polygons, place) {
  return polygons.flatMap((rings) =>
    rings.map((ring, number) => {
      const points = ring.map(place);
      return area(points) > 0 === (number === 0) ? points : points.reverse();
    }),
  );
}

function isWithin({ x, y }) {
  return x >= 0 && x < EXTENT && y >= 0 && y < EXTENT;
}

// Sutherland and Hodgman's way: what it leaves along the tile's edges has no area.
function clippedRing(ring) {
  const cut = (points, isIn, at) =>
    points.flatMap((point, i) => {
      const before = points.at(i - 1);
      const crossing = isIn(before) !== isIn(point) ? [at(before, point)] : [];
      return isIn(point) ? [...crossing, point] : crossing;
    });
  const onX = (x) => (a, b) => ({ x, y: a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x) });
  const onY = (y) => (a, b) => ({ y, x: a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y) });
  let points = ring.slice(1);
  points = cut(points, (it) => it.x >= 0, onX(0));
  points = cut(points, (it) => it.x <= EXTENT, onX(EXTENT));
  points = cut(points, (it) => it.y >= 0, onY(0));
  points = cut(points, (it) => it.y <= EXTENT, onY(EXTENT));
  return points.length > 0 ? [points.at(-1), ...points] : [];
}

// Liang and Barsky's way.
function clippedLength([a, b]) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  let [from, to] = [0, 1];
  for (const [p, q] of [
    [-dx, a.x],
    [dx, EXTENT - a.x],
    [-dy, a.y],
    [dy, EXTENT - a.y],
  ]) {
    if (p === 0 && q < 0) return 0;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  return from < to ? (to - from) * Math.hypot(dx, dy) : 0;
}

function length(line) {
  return sum(pairs(line).map(([a, b]) => Math.hypot(b.x - a.x, b.y - a.y)));
}

function pairs(line) {
  return line.slice(1).map((point, i) => [line[i], point]);
}
