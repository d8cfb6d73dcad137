// What the specification of vector tiles asks of a polygon (2.1, 4.3.4.4), looked at ring by ring.

/** What is wrong with the rings of a feature, in words; nothing where they are right. */
export function complaints(rings) {
  const found = rings.flatMap(ofRing);
  if (rings.length > 0 && area(rings[0]) <= 0) found.push('it begins with a hole');
  for (const [exterior, ...holes] of polygons(rings)) {
    for (const hole of holes) {
      if (cross(exterior, hole)) found.push('a hole crosses its outline');
      else if (!hole.some((point) => inside(point, exterior))) found.push('a hole lies outside');
    }
  }
  return found;
}

/** An exterior ring with its holes, for each polygon: y points down, so that an exterior ring's area is positive. */
export function polygons(rings) {
  const found = [];
  for (const ring of rings) {
    if (area(ring) > 0 || found.length === 0) found.push([ring]);
    else found.at(-1).push(ring);
  }
  return found;
}

/** By the surveyor's formula, with the sign of the winding. */
export function area(ring) {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    sum += ring[i].x * ring[i + 1].y - ring[i + 1].x * ring[i].y;
  }
  return sum / 2;
}

function ofRing(ring) {
  const found = [];
  const [first, last] = [ring[0], ring.at(-1)];
  if (ring.length < 4) found.push(`a ring has ${ring.length} positions`);
  if (first.x !== last.x || first.y !== last.y) found.push('a ring is not closed');
  if (area(ring) === 0) found.push('a ring has no area');
  const keys = ring.slice(1).map(({ x, y }) => `${x} ${y}`);
  if (new Set(keys).size < keys.length) found.push('a ring touches itself');
  if (cross(ring, ring)) found.push('a ring crosses itself');
  return found;
}

function cross(one, other) {
  for (let i = 0; i + 1 < one.length; i++) {
    for (let j = one === other ? i + 2 : 0; j + 1 < other.length; j++) {
      const isAround = one === other && i === 0 && j + 2 === other.length;
      if (!isAround && meet(one[i], one[i + 1], other[j], other[j + 1], one === other)) return true;
    }
  }
  return false;
}

/** Whether two edges have a point in common that is inside one of them; of one ring any common point counts. */
function meet(a, b, c, d, isOneRing) {
  if (Math.max(a.x, b.x) < Math.min(c.x, d.x) || Math.max(c.x, d.x) < Math.min(a.x, b.x)) return false;
  if (Math.max(a.y, b.y) < Math.min(c.y, d.y) || Math.max(c.y, d.y) < Math.min(a.y, b.y)) return false;
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return isOneRing && abc * abd <= 0 && cda * cdb <= 0;
}

function side(a, b, c) {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}

function inside({ x, y }, ring) {
  let is = false;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [a, b] = [ring[i], ring[i + 1]];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) is = !is;
    if (side(a, b, { x, y }) === 0 && between(a, b, { x, y })) return true;
  }
  return is;
}

function between(a, b, { x, y }) {
  return (x - a.x) * (x - b.x) <= 0 && (y - a.y) * (y - b.y) <= 0;
}
