import { expect, test } from 'vitest';
import { questionsOf } from './questions';

const text = { type: 'string' };

const IDS = (id: string) => [{ id }, { source_id: id }];

test('an id is asked for everywhere, as the twin and as the source have it', () => {
  expect(questionsOf('DEQUAR1', {})).toEqual(IDS('DEQUAR1'));
});

test('a name is asked for where objects have names', () => {
  const schema = { properties: { stop_name: text, height_m: { type: 'number' } } };
  expect(questionsOf('Markt', schema)).toEqual([...IDS('Markt'), { stop_name: 'Markt' }]);
});

test('a street with a number is an address where objects have addresses', () => {
  const schema = { properties: { street: text, house_number: text } };
  expect(questionsOf('Am Markt 12a', schema)).toContainEqual({
    street: 'Am Markt',
    house_number: '12a',
  });
  expect(questionsOf('Markt', schema)).toEqual(IDS('Markt'));
  expect(questionsOf('Am Markt 12a', {})).toEqual(IDS('Am Markt 12a'));
});
