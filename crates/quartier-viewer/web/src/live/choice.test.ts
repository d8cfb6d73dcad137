import { expect, test } from 'vitest';
import { readChoice, writeChoice } from './choice';

test('a choice comes back as it went, whatever the names hold', () => {
  for (const choice of [
    { property: 'NO2', window: 'PT1H' as const },
    { property: 'Wind direction / 10 m & more', zones: 'districts_l2', window: 'P1D' as const },
    { window: 'PT1H' as const },
  ]) {
    const hash = writeChoice('#map=15/51.9/7.6&live=old&view=3d', choice);
    expect(readChoice(hash)).toEqual(choice);
    expect(hash).toContain('#map=15/51.9/7.6&view=3d&live=');
  }
});

test('an address without a choice leaves it to the page', () => {
  expect(readChoice('#map=15/51.9/7.6')).toBeUndefined();
});

test('what cannot be decoded is taken as it is', () => {
  expect(readChoice('#live=100%2525')).toEqual({ property: '100%', window: 'PT1H' });
  expect(readChoice('#live=100%25')).toEqual({ property: '100%', window: 'PT1H' });
});
