import { expect, test } from 'vitest';
import { crsName, projector, written } from './crs';

/** Longitude, latitude, and what PROJ makes of them. */
const OF_PROJ: [string, number, number, number, number][] = [
  ['EPSG:25832', 7.6261, 51.9607, 405600.6129, 5757558.6412],
  ['EPSG:25832', 9.0, 50.0, 500000.0, 5538630.7027],
  ['EPSG:25832', 5.9, 47.3, 265652.2066, 5243164.2448],
  ['EPSG:25833', 13.405, 52.52, 391779.2593, 5820072.1591],
  ['EPSG:32618', -74.006, 40.7128, 583959.3723, 4507350.9982],
  ['EPSG:32756', 151.2093, -33.8688, 334368.6336, 6250948.3454],
  ['EPSG:3857', 7.6261, 51.9607, 848933.5687, 6793022.6272],
];

test.each(OF_PROJ)('%s of %f, %f is where PROJ puts it', (crs, lon, lat, x, y) => {
  const [east, north] = projector(crs)(lon, lat).values;
  expect(Math.abs(east - x)).toBeLessThan(0.001);
  expect(Math.abs(north - y)).toBeLessThan(0.001);
});

test('a CRS is known by its URI, its URN and its short name', () => {
  for (const crs of [
    'http://www.opengis.net/def/crs/EPSG/0/25832',
    'urn:ogc:def:crs:EPSG::25832',
    'EPSG:25832',
  ]) {
    expect(crsName(crs)).toBe('EPSG:25832');
  }
});

test('a CRS that the page cannot compute is shown in degrees, and labelled so', () => {
  const position = projector('EPSG:6677')(139.7, 35.6);
  expect(position.crs).toBe('OGC:CRS84');
  expect(written(position, 'en')).toBe('lon 139.700000  lat 35.600000');
});

test('coordinates are written as the language writes numbers', () => {
  const position = projector('EPSG:25832')(9, 0);
  expect(written(position, 'de')).toBe('E 500.000,0  N 0,0');
});
