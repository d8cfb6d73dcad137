import { expect, test } from 'vitest';
import { conditionOf } from './condition';
import type { Feed } from './model';

const NOW = Date.parse('2026-11-23T12:00:00Z');

const QUIET: Feed = {
  ...{ name: 'mqtt', kind: 'mqtt', connected: null, since: null, last: null, error: null },
  ...{ accepted: 0, duplicate: 0, late: 0, rejected: 0, dropped: 0 },
};

test('a feed is as its connection and its last reading are', () => {
  const condition = (said: Partial<Feed>) => conditionOf({ ...QUIET, ...said }, NOW);
  expect(condition({})).toBe('unused');
  expect(condition({ last: '2026-11-23T11:59:50Z' })).toBe('ok');
  expect(condition({ last: '2026-11-23T11:40:00Z' })).toBe('silent');
  expect(condition({ connected: true })).toBe('silent');
  expect(condition({ connected: false, last: '2026-11-23T11:59:50Z' })).toBe('failed');
  expect(condition({ error: 'refused' })).toBe('failed');
  expect(condition({ connected: true, last: '2026-11-23T11:59:50Z', error: 'old' })).toBe('ok');
});
