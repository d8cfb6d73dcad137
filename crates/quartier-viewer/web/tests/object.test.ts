import { expect, test } from 'vitest';
import type { Item } from '../src/model';
import { aBuilding, aName, ask } from './city';
import { drawn, picture, visit } from './visit';

const building = await aBuilding();
const [longitude, latitude] = building.inside;
const AT_BUILDING = `#map=18/${latitude}/${longitude}`;

test('a click on a building shows what is known about it and leads to it', async () => {
  await using city = await visit(AT_BUILDING);
  const { page } = city;
  await drawn(page);
  await page.mouse.click(640, 400);
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
  await page.locator('#query').fill(building.item.id);
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
  await page.locator('#query').fill(name);
  const option = page.getByRole('option').first();
  await expect.poll(() => option.textContent()).toContain(name);
  await option.click();
  await expect.poll(() => page.locator('#object h2').textContent()).toBe(name);
  expect(city.complaints).toEqual([]);
});

test('an id that nothing has is said to be unknown', async () => {
  await using city = await visit();
  await drawn(city.page);
  await city.page.locator('#query').fill('there is no such thing');
  const note = city.page.locator('#search-note');
  await expect.poll(() => note.textContent()).toBe('Nichts hat diese Kennung oder diesen Namen.');
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

test('a link that only names an object leads to it', async () => {
  const name = encodeURIComponent(`${building.collection.id}/${building.item.id}`);
  await using city = await visit(`#object=${name}`);
  const { page } = city;
  await expect.poll(() => page.locator('#object').textContent()).toContain(building.item.id);
  await expect.poll(() => Number(/map=([\d.]+)/.exec(page.url())?.[1])).toBeGreaterThan(15);
  expect(city.complaints).toEqual([]);
});
