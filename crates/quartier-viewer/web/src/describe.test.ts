import { expect, test } from 'vitest';
import { describe, nameOf, nameProperties, unitOf } from './describe';
import type { Schema } from './model';

const WORDS = { language: 'de', yes: 'ja', no: 'nein' };

const SCHEMA: Schema = {
  properties: {
    geometry: { 'x-ogc-role': 'primary-geometry' },
    function: {
      type: 'string',
      title: 'Gebäudefunktion',
      oneOf: [{ const: '31001_1000', title: 'Wohngebäude' }],
    },
    height_m: { type: 'number', title: 'Höhe', 'x-ogc-unit': 'm' },
    year: { type: 'integer' },
  },
};

test('a code is shown with its text and kept beside it', () => {
  const [row] = describe({ function: '31001_1000' }, SCHEMA, WORDS);
  expect(row).toEqual({
    name: 'function',
    label: 'Gebäudefunktion',
    value: 'Wohngebäude',
    code: '31001_1000',
  });
});

test('a number is written as the language writes it, with its unit', () => {
  const [row] = describe({ height_m: 1234.5 }, SCHEMA, WORDS);
  expect(row).toMatchObject({ value: '1.234,5', unit: 'm' });
});

test('a year is not a quantity', () => {
  const [row] = describe({ year: 2022 }, SCHEMA, WORDS);
  expect(row?.value).toBe('2022');
});

test('properties stand in the order of the schema, and none is left out', () => {
  const rows = describe({ note: 'x', year: 1900, height_m: null }, SCHEMA, WORDS);
  expect(rows.map(({ name }) => name)).toEqual(['height_m', 'year', 'note']);
  expect(rows[0]?.value).toBeUndefined();
});

test('only a web address becomes a link', () => {
  const values = { a: 'https://example.org/x', b: 'javascript:alert(1)', c: 'see https://x.y' };
  const links = describe(values, {}, WORDS).map(({ href }) => href);
  expect(links).toEqual(['https://example.org/x', undefined, undefined]);
});

test('square metres are written with a raised two', () => {
  expect(unitOf({ 'x-ogc-unit': 'm2' })).toBe('m²');
  expect(unitOf({ 'x-ogc-unit': 'Cel' })).toBe('°C');
});

test('an object without a name is called by its address, else by its id', () => {
  const schema: Schema = {
    properties: { stop_name: { type: 'string' }, name: { type: 'string' } },
  };
  expect(nameProperties(schema)).toEqual(['name', 'stop_name']);
  expect(nameOf('7', { stop_name: 'Markt' }, schema)).toBe('Markt');
  expect(nameOf('7', { street: 'Markt', house_number: '4a' }, schema)).toBe('Markt 4a');
  expect(nameOf('7', {}, schema)).toBe('7');
});
