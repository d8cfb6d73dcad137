import { expect, test } from 'vitest';
import { breaksOf, classOf, isOutgrown } from './breaks';

test('breaks are round numbers within the values', () => {
  expect(breaksOf([17.3, 19, 22, 25.5, 29, 33, 36.4, 41.6])).toEqual([20, 25, 30, 35, 40]);
  expect(breaksOf([-4.2, -1, 0.3, 2.8, 5.1])).toEqual([-2, 0, 2, 4]);
  expect(breaksOf([0.1, 0.2, 0.3])).not.toContain(0.30000000000000004);
});

test('a scale has at most seven classes, whatever the values are', () => {
  for (let seed = 1; seed < 400; seed++) {
    const values = Array.from({ length: (seed % 40) + 2 }, (_, i) => chance(seed, i));
    const breaks = breaksOf(values);
    expect(breaks.length).toBeLessThan(7);
    expect(breaks).toEqual([...new Set(breaks)].sort((a, b) => a - b));
    for (const it of breaks) expect(values.some((value) => value < it)).toBe(true);
  }
});

test('a sensor that went mad does not make the scale', () => {
  const sane = Array.from({ length: 100 }, (_, i) => 20 + i / 10);
  expect(breaksOf([...sane, 9999])).toEqual(breaksOf(sane));
});

test('where few values are large, the steps grow', () => {
  const values = [2, 3, 4, 5, 6, 8, 9, 12, 30, 80, 210];
  expect(breaksOf(values)).toEqual([5, 10, 20, 50, 100]);
});

test('where all are the same, or none is there, there is one class', () => {
  expect(breaksOf([])).toEqual([]);
  expect(breaksOf([7])).toEqual([]);
  expect(breaksOf([7, 7, 7])).toEqual([]);
});

test('a value on a break belongs to the class above', () => {
  expect([19.9, 20, 29.9, 30, 99].map((it) => classOf(it, [20, 30]))).toEqual([0, 1, 1, 2, 2]);
});

test('breaks stay until the values have moved away', () => {
  expect(isOutgrown([20, 25, 30], [20, 25, 30, 35])).toBe(false);
  expect(isOutgrown([20, 25, 30], [60, 70, 80])).toBe(true);
  expect(isOutgrown([20, 25, 30], [20, 40, 60])).toBe(true);
  expect(isOutgrown([], [20, 40])).toBe(true);
  expect(isOutgrown([20, 40], [])).toBe(false);
});

/** A number between some powers of ten, the same on each run. */
function chance(seed: number, i: number): number {
  const share = Math.abs(Math.sin(seed * 12.9898 + i * 78.233) * 43758.5453) % 1;
  return (share - 0.2) * 10 ** ((seed % 9) - 4);
}
