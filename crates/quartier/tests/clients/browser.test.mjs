// mqtt.js in a browser, on a page that comes from the server itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from '../../../quartier-viewer/web/node_modules/playwright-core/index.mjs';
import { results, station, token, url } from './sensors.mjs';

const library = fileURLToPath(new URL('node_modules/mqtt/dist/mqtt.min.js', import.meta.url));

test('a page in a browser hears what another client has measured', async () => {
  const { datastream, topic } = await station('browser');
  const browser = await chromium.launch({
    executablePath: process.env.QUARTIER_CHROMIUM,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ bypassCSP: true });
    await page.goto(`${url}/health`);
    await page.addScriptTag({ path: library });
    const heard = await page.evaluate(talk, { topic, token });
    assert.deepEqual(heard, [0, 1, 2]);
    assert.deepEqual(await results(datastream), [0, 1, 2]);
  } finally {
    await browser.close();
  }
});

// Runs in the page.
async function talk({ topic, token }) {
  const address = `${location.origin.replace('http', 'ws')}/mqtt`;
  const connect = () =>
    mqtt.connectAsync(address, { protocolVersion: 5, username: 'page', password: token });
  const [listener, device] = [await connect(), await connect()];
  const heard = [];
  const all = new Promise((resolve) => {
    listener.on(
      'message',
      (_, payload) => heard.push(JSON.parse(payload).result) === 3 && resolve(),
    );
  });
  await listener.subscribeAsync(topic, { qos: 1 });
  for (const qos of [0, 1, 2])
    await device.publishAsync(topic, JSON.stringify({ result: qos }), { qos });
  await all;
  await Promise.all([listener.endAsync(), device.endAsync()]);
  return heard;
}
