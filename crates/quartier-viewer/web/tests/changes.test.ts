import { expect, test } from 'vitest';
import { aBuilding, write } from './city';
import { difference, pixels } from './pixels';
import { drawn, visit } from './visit';

test('a building that is torn down and built again goes and comes without a reload', async () => {
  const { collection, item, inside } = await aBuilding();
  const [longitude, latitude] = inside;
  await using city = await visit(`#map=18/${latitude}/${longitude}&live=-`);
  const { page } = city;
  await page.locator('#live-health[data-health="live"]').waitFor({ state: 'attached' });
  await drawn(page);
  const before = await pixels(page);
  const items = `collections/${collection.id}/items`;
  await write('DELETE', `${items}/${encodeURIComponent(item.id)}`);
  try {
    await expect.poll(async () => difference(await pixels(page), before)).toBeGreaterThan(1);
  } finally {
    await write('POST', items, item);
  }
  await expect.poll(async () => difference(await pixels(page), before)).toBeLessThan(0.5);
  expect(city.complaints).toEqual([]);
});
