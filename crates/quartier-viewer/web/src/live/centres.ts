import type { Position } from 'geojson';
import type { Item } from '../model';

/** Where an area's label stands: the centre of gravity of its largest part. Undefined for what is no area. */
export function centreOf({ geometry }: Item): [number, number] | undefined {
  if (geometry?.type === 'Polygon') return centroid(geometry.coordinates[0]);
  if (geometry?.type !== 'MultiPolygon') return undefined;
  const rings = geometry.coordinates.map(([exterior]) => exterior ?? []);
  return centroid(rings.sort((a, b) => Math.abs(areaOf(b)) - Math.abs(areaOf(a)))[0]);
}

function centroid(ring: Position[] = []): [number, number] | undefined {
  const twice = areaOf(ring);
  const [origin] = ring;
  if (!origin || twice === 0) return undefined;
  const sum = [0, 0];
  for (const [[x1, y1], [x2, y2], cross] of edges(ring)) {
    sum[0] = (sum[0] ?? 0) + (x1 + x2) * cross;
    sum[1] = (sum[1] ?? 0) + (y1 + y2) * cross;
  }
  const [x = 0, y = 0] = sum.map((it, i) => (origin[i] ?? 0) + it / (3 * twice));
  return [x, y];
}

/** Twice the area, negative where the ring goes clockwise. */
function areaOf(ring: Position[]): number {
  return edges(ring).reduce((sum, [, , cross]) => sum + cross, 0);
}

type Edge = [from: [number, number], to: [number, number], cross: number];

/** From the ring's first corner, so that digits are not lost in large coordinates. */
function edges(ring: Position[]): Edge[] {
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  const corners = ring.map(([x = 0, y = 0]): [number, number] => [x - x0, y - y0]);
  return corners.map((from, i) => {
    const to = corners[(i + 1) % corners.length] ?? from;
    return [from, to, from[0] * to[1] - to[0] * from[1]];
  });
}
