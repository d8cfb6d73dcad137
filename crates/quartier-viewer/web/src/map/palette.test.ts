import { expect, test } from 'vitest';
import { coloursOf } from './palette';

test('a collection keeps its colour whatever the order', () => {
  const there = coloursOf(['trees', 'stops', 'parks'], false);
  const back = coloursOf(['parks', 'stops', 'trees'], false);
  expect(there.get('stops')).toBe(back.get('stops'));
});

test('twelve collections have twelve colours', () => {
  const names = Array.from({ length: 12 }, (_, i) => `collection-${i}`);
  expect(new Set(coloursOf(names, false).values()).size).toBe(12);
});

test('more collections than colours share them', () => {
  const names = Array.from({ length: 40 }, (_, i) => `collection-${i}`);
  expect(coloursOf(names, false).size).toBe(40);
});
