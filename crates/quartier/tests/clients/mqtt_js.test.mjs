// mqtt.js, as web pages use it: in a WebSocket at /mqtt.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import mqtt from 'mqtt';
import { make, results, station, token, url } from './sensors.mjs';

const clients = [];

after(() => Promise.all(clients.map((client) => client.endAsync(true))));

async function connect(protocolVersion, password = token) {
  const address = `${url.replace('http', 'ws')}/mqtt`;
  const client = mqtt.connect(address, {
    protocolVersion,
    username: 'page',
    password,
    reconnectPeriod: 0,
  });
  clients.push(client);
  const heard = [];
  const waiting = [];
  client.on('message', (topic, payload, packet) => {
    const message = { topic, said: JSON.parse(payload), retain: packet.retain, qos: packet.qos };
    const next = waiting.shift();
    next ? next(message) : heard.push(message);
  });
  client.next = () => heard.shift() ?? new Promise((resolve) => waiting.push(resolve));
  await Promise.race([
    once(client, 'connect'),
    once(client, 'error').then(([error]) => Promise.reject(error)),
  ]);
  return client;
}

for (const version of [4, 5]) {
  const name = version === 4 ? 'MQTT 3.1.1' : 'MQTT 5';

  test(`${name}: a page hears readings of every quality, and what it publishes can be read`, async () => {
    const { datastream, topic } = await station('page');
    const page = await connect(version);
    await page.subscribeAsync(`${topic}?$select=result`, { qos: 2 });
    for (const qos of [0, 1, 2]) {
      await page.publishAsync(topic, JSON.stringify({ result: qos }), { qos });
      if (qos > 0) assert.ok((await results(datastream)).includes(qos));
      const heard = await page.next();
      assert.deepEqual(heard, {
        topic: `${topic}?$select=result`,
        said: { result: qos },
        retain: false,
        qos: 2,
      });
    }
    assert.deepEqual(await results(datastream), [0, 1, 2]);
  });

  test(`${name}: the latest reading and a property are there at once`, async () => {
    const { thing, datastream, topic } = await station('latest');
    for (const result of [1, 2]) await make(`Datastreams(${datastream})/Observations`, { result });
    const page = await connect(version);
    await page.subscribeAsync(topic, { qos: 1 });
    const latest = await page.next();
    assert.deepEqual([latest.retain, latest.said.result], [true, 2]);
    await page.subscribeAsync(`v1.1/Datastreams(${datastream})/Thing/Locations`, { qos: 1 });
    await page.subscribeAsync(`v1.1/Things(${thing})/name`, { qos: 1 });
    assert.deepEqual((await page.next()).said, { name: 'latest' });
  });

  test(`${name}: a thousand readings at once all arrive`, async () => {
    const { datastream, topic } = await station('burst');
    const page = await connect(version);
    const numbers = Array.from({ length: 1000 }, (_, result) => result);
    await Promise.all(
      numbers.map((result) => page.publishAsync(topic, JSON.stringify({ result }), { qos: 1 })),
    );
    assert.deepEqual(await results(datastream), numbers);
  });

  test(`${name}: a wrong token and a wrong topic are refused`, async () => {
    await assert.rejects(connect(version, 'guess'), /user ?name or password/i);
    const page = await connect(version);
    await assert.rejects(page.subscribeAsync('v1.1/Nothings', { qos: 1 }));
  });
}

test('MQTT 5: a refused reading comes back with its reason', async () => {
  const { datastream, topic } = await station('refused');
  const page = await connect(5);
  const refused = page.publishAsync(topic, JSON.stringify({ result: 1, phenomenonTime: 'soon' }), {
    qos: 1,
  });
  await assert.rejects(refused, (error) => error.code === 0x99);
  assert.deepEqual(await results(datastream), []);
});
