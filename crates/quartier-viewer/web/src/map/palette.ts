/** Muted hues of one lightness, told apart in a row. */
const HUES = [205, 28, 152, 338, 262, 52, 182, 12, 228, 94, 300, 128];

/**
 * A colour for each collection that the style does not know. It follows from the collection's name, and so stays
 * the same from visit to visit; where two names would meet in one colour, the later takes the next.
 */
export function coloursOf(collections: string[], isDark: boolean): Map<string, string> {
  const taken = new Set<number>();
  const colours = new Map<string, string>();
  for (const name of [...collections].sort()) {
    const hue = freeHue(hash(name) % HUES.length, taken);
    taken.add(hue);
    colours.set(name, `hsl(${HUES[hue]}, 46%, ${isDark ? 62 : 44}%)`);
  }
  return colours;
}

function freeHue(wanted: number, taken: Set<number>): number {
  if (taken.size >= HUES.length) return wanted;
  return taken.has(wanted) ? freeHue((wanted + 1) % HUES.length, taken) : wanted;
}

/** FNV-1a. */
function hash(text: string): number {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
