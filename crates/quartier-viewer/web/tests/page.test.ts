import { expect, test } from 'vitest';
import { crsName } from '../src/crs';
import { boundsOf } from '../src/extent';
import type { Item } from '../src/model';
import { aBuilding, ask } from './city';
import { drawn, PHONE, picture, server, visit } from './visit';

const building = await aBuilding();
const [longitude, latitude] = building.inside;
const AT_BUILDING = `#map=18/${latitude}/${longitude}`;

test('the page speaks the language that was chosen, and remembers it', async () => {
  await using city = await visit();
  const { page } = city;
  const html = page.locator('html');
  await page.getByRole('checkbox').first().waitFor();
  expect(await html.getAttribute('lang')).toBe('de');
  await page.getByRole('button', { name: 'English' }).click();
  expect(await html.getAttribute('lang')).toBe('en');
  expect(await page.locator('#layers-toggle').textContent()).toContain('Layers');
  await page.reload();
  await page.getByRole('checkbox').first().waitFor();
  expect(await html.getAttribute('lang')).toBe('en');
  await drawn(page);
  await picture(page, 'desktop-english');
  expect(city.complaints).toEqual([]);
});

test('coordinates are those of the working CRS', async () => {
  const crs = building.collection.storageCrs ?? '';
  const path = `collections/${building.collection.id}/items/${building.item.id}`;
  const { geometry } = await ask<Item>(`${path}?f=json&crs=${encodeURIComponent(crs)}`);
  const [minX = 0, minY = 0, maxX = 0, maxY = 0] = (geometry && boundsOf(geometry)) ?? [];
  await using city = await visit(`#map=21/${latitude}/${longitude}`);
  await drawn(city.page);
  expect(await city.page.locator('#crs').textContent()).toBe(crsName(crs));
  const shown = (await city.page.locator('#coordinates').textContent()) ?? '';
  const numbers = shown.match(/[\d.,]+/g) ?? [];
  const [x, y] = numbers.map((it) => Number(it.replaceAll('.', '').replace(',', '.')));
  expect(x).toBeGreaterThan(minX);
  expect(x).toBeLessThan(maxX);
  expect(y).toBeGreaterThan(minY);
  expect(y).toBeLessThan(maxY);
  expect(city.complaints).toEqual([]);
});

test('on a phone the panels are sheets at the bottom', async () => {
  await using city = await visit(AT_BUILDING, PHONE);
  const { page } = city;
  await drawn(page);
  await picture(page, 'phone');
  await page.touchscreen.tap(195, 422);
  const panel = page.locator('#object');
  await expect.poll(() => panel.textContent()).toContain(building.item.id);
  await picture(page, 'phone-building');
  const box = await panel.boundingBox();
  expect(box?.x).toBe(0);
  expect(box?.y).toBeGreaterThan(300);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await panel.getByRole('button', { name: 'Schließen' }).tap();
  await page.locator('#layers-toggle').tap();
  await page.getByRole('checkbox').first().waitFor();
  await picture(page, 'phone-layers');
  expect(city.complaints).toEqual([]);
});

test('a server that is away is named, and asked again when wanted', async () => {
  await using city = await visit();
  const { page } = city;
  await drawn(page);
  await page.route(`${server}**`, (route) =>
    /\/map\//.test(route.request().url()) ? route.continue() : route.abort(),
  );
  await page.reload();
  await expect.poll(() => page.locator('#state').textContent()).toContain('antwortet nicht');
  await picture(page, 'desktop-away');
  await page.unroute(`${server}**`);
  await page.getByRole('button', { name: 'Erneut versuchen' }).click();
  await drawn(page);
  expect(await page.locator('#state').isVisible()).toBe(false);
});
