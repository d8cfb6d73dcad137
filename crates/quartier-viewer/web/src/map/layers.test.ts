import type { StyleSpecification } from 'maplibre-gl';
import { expect, test } from 'vitest';
import type { Collection, Schema } from '../model';
import { compose } from './layers';

const STYLE: StyleSpecification = {
  version: 8,
  sources: { quartier: { type: 'vector', tiles: [] } },
  layers: [
    { id: 'ground', type: 'background' },
    {
      id: 'buildings',
      type: 'fill',
      source: 'quartier',
      'source-layer': 'buildings',
      paint: { 'fill-color': '#ddd' },
    },
    { id: 'names', type: 'symbol', source: 'quartier', 'source-layer': 'districts' },
  ],
};

function schema(format: string, ...properties: string[]): Schema {
  const geometry = { 'x-ogc-role': 'primary-geometry', format };
  return { properties: { geometry, ...Object.fromEntries(properties.map((name) => [name, {}])) } };
}

function composed(schemas: Record<string, Schema>) {
  const collections: Collection[] = Object.keys(schemas).map((id) => ({ id, links: [] }));
  const colours = new Map(collections.map(({ id }) => [id, 'hsl(205, 46%, 44%)']));
  const lettering = { colour: '#000', halo: '#fff' };
  return compose(STYLE, collections, {
    schemas: new Map(Object.entries(schemas)),
    colours,
    lettering,
  });
}

test('a collection that the style does not know gets layers of its geometry', () => {
  const { groups } = composed({ trees: schema('geometry-point') });
  expect(groups[0]?.layers.map(({ layer }) => layer.type)).toEqual(['circle']);
});

test('a collection of mixed geometry gets layers for each kind', () => {
  const { groups } = composed({ things: schema('geometry-any') });
  const types = groups[0]?.layers.map(({ layer }) => layer.type);
  expect(types).toEqual(['fill', 'line', 'line', 'circle']);
});

test('buildings with a height are raised in the colour of their footprint', () => {
  const { groups } = composed({ buildings: schema('geometry-polygon', 'storeys') });
  const raised = groups[0]?.layers.find(({ view }) => view === 'raised')?.layer;
  expect(raised?.paint).toMatchObject({ 'fill-extrusion-color': '#ddd' });
  expect(JSON.stringify(raised?.paint)).toContain('["*",3,["to-number",["get","storeys"],1]]');
});

test('a footprint is not shown below the raised building', () => {
  const { groups } = composed({ buildings: schema('geometry-polygon', 'height_m') });
  expect(groups[0]?.layers.map(({ view }) => view)).toEqual(['flat', 'raised']);
});

test('buildings without a height stay flat', () => {
  const { groups } = composed({ buildings: schema('geometry-polygon', 'function') });
  expect(groups[0]?.layers.map(({ view }) => view)).toEqual(['both']);
});

test('names lie above everything, areas below lines and points', () => {
  const { style } = composed({
    stops: schema('geometry-point', 'name'),
    streets: schema('geometry-linestring'),
    parks: schema('geometry-multipolygon'),
    buildings: schema('geometry-polygon', 'height_m'),
  });
  expect(style.layers.map((layer) => layer.type)).toEqual([
    'background',
    'fill',
    'fill',
    'line',
    'line',
    'circle',
    'fill-extrusion',
    'symbol',
    'symbol',
  ]);
});

test('areas lie below buildings', () => {
  const { style } = composed({
    districts: schema('geometry-polygon'),
    buildings: schema('geometry-polygon', 'height_m'),
    parks: schema('geometry-polygon'),
  });
  const fills = style.layers.filter((layer) => layer.type === 'fill');
  expect(fills.map((layer) => layer.id)).toEqual(['parks/area', 'buildings']);
});

test('streets that have names show them', () => {
  const { groups } = composed({ streets: schema('geometry-linestring', 'name') });
  const label = groups[0]?.layers.find(({ layer }) => layer.type === 'symbol')?.layer;
  expect(label?.layout).toMatchObject({ 'symbol-placement': 'line' });
});

test('the served style itself is left as it is', () => {
  composed({ trees: schema('geometry-point') });
  expect(STYLE.layers).toHaveLength(3);
});
