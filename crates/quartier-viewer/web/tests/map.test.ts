import { expect, test } from 'vitest';
import { crsName } from '../src/crs';
import { boundsOf } from '../src/extent';
import type { Item } from '../src/model';
import { aBuilding, aName, ask, collections } from './city';
import { difference, pixels } from './pixels';
import { drawn, PHONE, picture, server, visit } from './visit';

const building = await aBuilding();
const [longitude, latitude] = building.inside;
const AT_BUILDING = `#map=18/${latitude}/${longitude}`;
const { width, height } = { width: 1280, height: 800 };

test('the city is drawn, and nothing is asked of anybody else', async () => {
  await using city = await visit();
  await drawn(city.page);
  const { colours, largest } = await pixels(city.page);
  expect(colours).toBeGreaterThan(3);
  expect(largest).toBeLessThan(0.97);
  await picture(city.page, 'desktop-german');
  expect(city.complaints).toEqual([]);
});

test('every collection is a layer that can be hidden', async () => {
  await using city = await visit(AT_BUILDING);
  const { page } = city;
  await drawn(page);
  const before = await pixels(page);
  const boxes = page.locator('#layer-list input[type=checkbox]');
  const names = (await collections()).map(({ id }) => id);
  expect(await boxes.evaluateAll((all) => all.map((it) => it.getAttribute('name')))).toEqual(names);
  for (const box of await boxes.all()) await box.uncheck();
  await drawn(page);
  expect((await pixels(page)).largest).toBeGreaterThan(before.largest);
  for (const box of await boxes.all()) await box.check();
  await drawn(page);
  expect(difference(await pixels(page), before)).toBeLessThan(1);
  expect(city.complaints).toEqual([]);
});

test('a layer can be made fainter', async () => {
  await using city = await visit(AT_BUILDING);
  const { page } = city;
  await drawn(page);
  const before = await pixels(page);
  const entry = page.locator(`[data-collection="${building.collection.id}"]`);
  await entry.getByRole('button').click();
  await entry.getByRole('slider').fill('0');
  await drawn(page);
  expect(difference(await pixels(page), before)).toBeGreaterThan(0.5);
  expect(city.complaints).toEqual([]);
});

test('a click on a building shows what is known about it and leads to it', async () => {
  await using city = await visit(AT_BUILDING);
  const { page } = city;
  await drawn(page);
  await page.mouse.click(width / 2, height / 2);
  const panel = page.locator('#object');
  await expect.poll(() => panel.textContent()).toContain(building.item.id);
  const terms = await panel
    .locator('dt')
    .evaluateAll((all) => all.map((it) => it.getAttribute('title') ?? ''));
  expect(terms.sort()).toEqual(Object.keys(building.item.properties ?? {}).sort());
  const href = await panel.locator('a.open').getAttribute('href');
  expect((await ask<Item>(`${href}?f=json`)).id).toBe(building.item.id);
  await picture(page, 'desktop-building');
  expect(city.complaints).toEqual([]);
});

test('a building is found by its id', async () => {
  await using city = await visit();
  const { page } = city;
  await drawn(page);
  await page.getByRole('combobox').fill(building.item.id);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await picture(page, 'desktop-search');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('#object').textContent()).toContain(building.item.id);
  await drawn(page);
  const zoom = Number(/map=([\d.]+)/.exec(page.url())?.[1]);
  expect(zoom).toBeGreaterThan(15);
  expect(decodeURIComponent(page.url())).toContain(
    `object=${building.collection.id}/${building.item.id}`,
  );
  expect(city.complaints).toEqual([]);
});

test('a place is found by its name', async () => {
  const name = await aName();
  await using city = await visit();
  const { page } = city;
  await drawn(page);
  await page.getByRole('combobox').fill(name);
  const option = page.getByRole('option').first();
  await expect.poll(() => option.textContent()).toContain(name);
  await option.click();
  await expect.poll(() => page.locator('#object h2').textContent()).toBe(name);
  expect(city.complaints).toEqual([]);
});

test('an id that nothing has is said to be unknown', async () => {
  await using city = await visit();
  await drawn(city.page);
  await city.page.getByRole('combobox').fill('there is no such thing');
  const note = city.page.locator('#search-note');
  await expect.poll(() => note.textContent()).toBe('Nichts hat diese Kennung oder diesen Namen.');
  expect(city.complaints).toEqual([]);
});

test('buildings stand up in 3D and lie down again', async () => {
  await using city = await visit(AT_BUILDING);
  const { page } = city;
  await drawn(page);
  const flat = await pixels(page);
  const button = page.getByRole('button', { name: 'Karte in 3D zeigen' });
  await button.click();
  await expect.poll(() => page.url()).toContain('/55');
  await drawn(page);
  expect(await button.getAttribute('aria-pressed')).toBe('true');
  expect(difference(await pixels(page), flat)).toBeGreaterThan(3);
  expect(page.url()).toContain('view=3d');
  await picture(page, 'desktop-3d');
  await button.click();
  await expect.poll(() => page.url()).not.toContain('/55');
  await drawn(page);
  expect(difference(await pixels(page), flat)).toBeLessThan(3);
  expect(city.complaints).toEqual([]);
});

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

test('a place with its object can be handed on as a link', async () => {
  const name = encodeURIComponent(`${building.collection.id}/${building.item.id}`);
  await using city = await visit(`${AT_BUILDING}&view=3d&object=${name}`);
  const { page } = city;
  await expect.poll(() => page.locator('#object').textContent()).toContain(building.item.id);
  expect(await page.locator('#view').getAttribute('aria-pressed')).toBe('true');
  await drawn(page);
  await picture(page, 'desktop-3d-building');
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
