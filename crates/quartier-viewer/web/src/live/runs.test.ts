import { expect, test } from 'vitest';
import { runsOf } from './runs';

const MINUTE = 60_000;

function every(minutes: number, from: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    time: (from + i * minutes) * MINUTE,
    value: i,
  }));
}

const lengths = (samples: { time: number; value: number }[]) =>
  runsOf(samples).map((run) => run.length);

test('a pause is a gap in the line', () => {
  expect(lengths([...every(10, 0, 6), ...every(10, 180, 8)])).toEqual([6, 8]);
});

test('a slower rhythm is no gap', () => {
  expect(lengths([...every(10, 0, 12), ...every(0.25, 115, 40)])).toEqual([52]);
  expect(lengths([...every(0.25, 0, 40), ...every(10, 20, 12)])).toEqual([52]);
});

test('one missing reading is no gap', () => {
  expect(lengths([...every(10, 0, 6), ...every(10, 70, 6)])).toEqual([12]);
});

test('nothing measured is no run', () => {
  expect(runsOf([])).toEqual([]);
});
