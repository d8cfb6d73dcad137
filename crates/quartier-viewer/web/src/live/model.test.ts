import { expect, test } from 'vitest';
import { unitText } from './model';

test('a count has no unit beside it', () => {
  expect(unitText('1')).toBe('');
  expect(unitText(null)).toBe('');
  expect(unitText('µg/m³')).toBe('µg/m³');
});
