// The server that `.ci/with-sensors` has started, over HTTP.

import assert from 'node:assert/strict';

export const url = process.env.QUARTIER_SENSORS_URL;
export const token = process.env.QUARTIER_SENSORS_TOKEN;

export async function make(path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/sensorthings/v1.1/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 201, await answer.text());
  return Number(/\((\d+)\)$/.exec(answer.headers.get('location'))[1]);
}

export async function results(datastream) {
  const answer = await fetch(
    `${url}/sensorthings/v1.1/Datastreams(${datastream})/Observations?$orderby=id&$top=1000`,
  );
  return (await answer.json()).value.map((it) => it.result);
}

export async function station(name) {
  const location = { type: 'Point', coordinates: [7.63, 51.95] };
  const place = { name, description: '-', encodingType: 'application/geo+json', location };
  const thing = await make('Things', { name, description: '-', Locations: [place] });
  const datastream = await make(`Things(${thing})/Datastreams`, {
    name,
    description: '-',
    observationType: 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement',
    unitOfMeasurement: { name: 'metre', symbol: 'm', definition: 'ucum:m' },
    Sensor: { name, description: '-', encodingType: 'text/plain', metadata: '-' },
    ObservedProperty: { name, description: '-', definition: 'https://example.org/level' },
  });
  return { thing, datastream, topic: `v1.1/Datastreams(${datastream})/Observations` };
}
