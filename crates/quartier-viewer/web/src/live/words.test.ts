import { expect, test } from 'vitest';
import { unitText, valueText } from './words';

test('a count has no unit beside it', () => {
  expect(unitText('1')).toBe('');
  expect(unitText(null)).toBe('');
  expect(unitText('µg/m³')).toBe('µg/m³');
});

test('what is no number is written as it is', () => {
  expect(valueText('besetzt')).toBe('besetzt');
  expect(valueText(null)).toBe('–');
});
