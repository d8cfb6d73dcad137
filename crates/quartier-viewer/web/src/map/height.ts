import type { ExpressionSpecification } from 'maplibre-gl';
import type { Schema } from '../model';

/** Names that a height in metres goes by, the best first. */
const HEIGHTS = ['height_m', 'measuredHeight', 'measured_height'];
const STOREYS = ['storeys', 'storeysAboveGround', 'storeys_above_ground'];

const STOREY_M = 3;

/** For an object without a height among others that have one. */
const UNKNOWN_M = 3;

/** The height that an object is extruded by; undefined where the collection's objects have none. */
export function heightOf(schema: Schema): ExpressionSpecification | undefined {
  const properties = schema.properties ?? {};
  const cases = [
    ...HEIGHTS.filter((name) => name in properties).map((name) => present(name, 1)),
    ...STOREYS.filter((name) => name in properties).map((name) => present(name, STOREY_M)),
  ];
  if (cases.length === 0) return undefined;
  return ['case', ...cases.flat(), UNKNOWN_M] as unknown as ExpressionSpecification;
}

function present(name: string, factor: number): ExpressionSpecification[] {
  return [
    ['!=', ['get', name], null],
    ['*', factor, ['to-number', ['get', name], UNKNOWN_M / factor]],
  ];
}
