import { expect, test } from 'vitest';
import { hasPosition, readPlace, writePlace } from './place';

test('a place survives the address', () => {
  const place = { isRaised: true, object: { collection: 'buildings', id: 'DENW/34 Straße&5' } };
  const hash = writePlace('#map=14/51.96/7.62', place);
  expect(hash.startsWith('#map=14/51.96/7.62&view=3d&object=')).toBe(true);
  expect(readPlace(hash)).toEqual(place);
});

test('a link may lead to a sensor', () => {
  const place = { isRaised: false, thing: 34 };
  expect(readPlace(writePlace('#map=1/2/3', place))).toEqual(place);
  expect(readPlace('#thing=Domplatz')).toEqual({ isRaised: false });
});

test('a page without a hash shows the flat map and no object', () => {
  expect(readPlace('')).toEqual({ isRaised: false });
});

test('a link may name an object without a position', () => {
  expect(hasPosition('#object=buildings%2F7')).toBe(false);
  expect(hasPosition('#object=buildings%2F7&map=14/52/7')).toBe(true);
});

test('leaving an object takes it out of the address', () => {
  const hash = writePlace('#map=1/2/3&object=a%2Fb', { isRaised: false });
  expect(hash).toBe('#map=1/2/3');
});
