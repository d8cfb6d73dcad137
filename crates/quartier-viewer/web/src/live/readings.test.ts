import { expect, test } from 'vitest';
import type { Reading } from './model';
import { type Change, Readings } from './readings';

function reading(datastream: number, value: number, second: number, fid = 1): Reading {
  const object = { collection: 'streets', id: `street-${fid}`, fid, value, n: 1 };
  const time = `2026-11-23T08:00:${String(second).padStart(2, '0')}Z`;
  const point: [number, number] = [7.6, 51.9];
  const of = { thing: datastream, name: 'Domplatz', property: 'NO2', unit: 'µg/m³', stale: false };
  return { datastream, ...of, value, time, point, object };
}

const values = (readings: Reading[]) => readings.map(({ value }) => value);

test('the newest reading of a datastream is the one that is kept', () => {
  const readings = new Readings();
  readings.put([reading(1, 10, 1), reading(2, 20, 1)]);
  readings.put([reading(1, 11, 2)]);
  expect(values(readings.ofProperty('NO2'))).toEqual([20, 11]);
  expect(values(readings.ofThing(1))).toEqual([11]);
});

test('a correction by the stream wins, what was asked for meanwhile does not', () => {
  const readings = new Readings();
  readings.put([reading(1, 11, 9)]);
  readings.refresh([reading(1, 10, 3)]);
  expect(values(readings.ofThing(1))).toEqual([11]);
  readings.put([reading(1, 10, 3)]);
  expect(values(readings.ofThing(1))).toEqual([10]);
});

test('a sensor that moves is no longer of the object where it was', () => {
  const readings = new Readings();
  const changes: Change[] = [];
  readings.onChange((all) => changes.push(...all));
  readings.put([reading(1, 10, 1, 5)]);
  readings.put([reading(1, 10, 2, 6)]);
  expect(readings.ofObject('streets', 'street-5')).toEqual([]);
  expect(values(readings.ofObject('streets', 'street-6'))).toEqual([10]);
  expect(changes.at(-1)?.before?.object?.fid).toBe(5);
  expect(changes.at(-1)?.after?.object?.fid).toBe(6);
});

test('what a new snapshot does not name is gone, and nothing before it is complete', () => {
  const readings = new Readings();
  readings.put([reading(1, 10, 1), reading(2, 20, 1)]);
  readings.beginAnew();
  readings.put([reading(2, 21, 2)]);
  expect(values(readings.ofProperty('NO2'))).toEqual([10, 21]);
  readings.settle();
  expect(values(readings.ofProperty('NO2'))).toEqual([21]);
});

test('a datastream of several properties has a reading of each', () => {
  const readings = new Readings();
  readings.put([reading(1, 10, 1), { ...reading(1, 20, 1), property: 'PM10' }]);
  expect(values(readings.ofThing(1))).toEqual([10, 20]);
  expect(values(readings.ofProperty('PM10'))).toEqual([20]);
});
