import { expect, test } from 'vitest';
import { latest, SLOW, say } from './sensors';
import { drawn, picture, server, visit } from './visit';

/** Geofences are made by who shows the token; `make test` gives the demo one. */
const token = process.env.QUARTIER_TOKEN;

const THRESHOLD = 850;

test.runIf(token)('what happens at a geofence is said on the map', async () => {
  const [gauge] = await latest(SLOW);
  if (!gauge) throw new Error('no sensor of the twin measures water');
  const fence = await made({
    name: 'Hochwasser',
    area: { objects: { collection: 'districts_l1' } },
    condition: { above: THRESHOLD },
    subject: { property: SLOW },
  });
  try {
    await using city = await visit();
    const { page } = city;
    await page.locator('#live-health[data-health="live"]').waitFor();
    await drawn(page);
    await say(gauge.datastream, THRESHOLD + 20);
    const note = page.locator('#fences .fence');
    await expect.poll(() => note.textContent()).toContain('Hochwasser');
    expect(await note.textContent()).toContain(`Zu hoch: ${gauge.name} · 870`);
    await picture(page, 'live-fence');
    expect(city.complaints).toEqual([]);
  } finally {
    await asked('DELETE', `twin/v1/geofences/${fence}`);
  }
});

async function made(geofence: object): Promise<number> {
  const response = await asked('POST', 'twin/v1/geofences', geofence);
  return ((await response.json()) as { id: number }).id;
}

async function asked(method: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(new URL(path, server), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response;
}
