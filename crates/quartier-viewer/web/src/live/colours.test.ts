import { expect, test } from 'vitest';
import { compass, oklab, sequence } from './colours';

const lightness = (colours: string[]) => colours.map((colour) => oklab(colour)[0] ?? 0);

test('higher is darker by day and brighter by night, in even steps', () => {
  for (const [isDark, sign] of [
    [false, -1],
    [true, 1],
  ] as const) {
    for (let count = 2; count <= 7; count++) {
      const levels = lightness(sequence(count, isDark));
      const steps = levels.slice(1).map((it, i) => (it - (levels[i] ?? 0)) * sign);
      expect(Math.min(...steps)).toBeGreaterThan(0.03);
      expect(Math.max(...steps)).toBeLessThan(0.75 / (count - 1) + 0.05);
    }
  }
});

test('who cannot tell red from green sees all classes', () => {
  for (const isDark of [false, true]) {
    for (const blindness of Object.values(BLINDNESS)) {
      const seen = sequence(7, isDark).map((colour) => oklab(through(blindness, colour)));
      for (const [i, one] of seen.entries()) {
        for (const other of seen.slice(i + 1)) expect(distance(one, other)).toBeGreaterThan(0.05);
      }
    }
  }
});

test('opposite points of the compass differ for everyone', () => {
  for (const blindness of Object.values(BLINDNESS)) {
    const seen = compass().map((colour) => oklab(through(blindness, colour)));
    for (let i = 0; i < 4; i++) {
      expect(distance(seen[i] ?? [], seen[i + 4] ?? [])).toBeGreaterThan(0.15);
    }
  }
});

function distance(one: number[], other: number[]): number {
  return Math.hypot(...one.map((it, i) => it - (other[i] ?? 0)));
}

/** Machado, Oliveira and Fernandes 2009, complete deficiency, on linear RGB. */
const BLINDNESS = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function through(matrix: number[][], colour: string): string {
  const rgb = [1, 3, 5].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  const bytes = matrix.map((row) => {
    const value = row.reduce((sum, it, i) => sum + it * (rgb[i] ?? 0), 0);
    return Math.round(255 * Math.min(1, Math.max(0, value)) ** (1 / 2.2));
  });
  return `#${bytes.map((it) => it.toString(16).padStart(2, '0')).join('')}`;
}
