import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { aBuilding } from './city';
import { drawn, visit } from './visit';

const building = await aBuilding();
const [longitude, latitude] = building.inside;

/** More than the page has places to stop at. */
const STOPS_MAX = 60;

/** The stops of the Tab key, from the top of the page to its end. */
async function stops(page: Page): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < STOPS_MAX; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(nameOfFocus);
    if (!name || names.includes(name)) break;
    names.push(name);
  }
  return names;
}

function nameOfFocus(): string | undefined {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return undefined;
  const label = focused.getAttribute('aria-label') ?? focused.textContent ?? '';
  return `${focused.id || focused.getAttribute('name') || ''} ${label.trim()}`.trim();
}

test('the Tab key reaches everything and leaves the page again', async () => {
  await using city = await visit();
  await drawn(city.page);
  const names = (await stops(city.page)).join('\n');
  expect(names).toContain('query');
  expect(names).toContain('layers-toggle');
  for (const id of ['zoom-in', 'zoom-out', 'view', 'north', 'fit', 'copy']) {
    expect(names).toContain(id);
  }
  expect(names).toContain(building.collection.id);
  expect(names.split('\n').length).toBeLessThan(STOPS_MAX);
  expect(city.complaints).toEqual([]);
});

test('a building is inspected without a mouse', async () => {
  await using city = await visit(`#map=18/${latitude}/${longitude}`);
  const { page } = city;
  await drawn(page);
  await page.locator('.maplibregl-canvas').focus();
  await page.keyboard.press('Enter');
  const panel = page.locator('#object');
  await expect.poll(() => panel.textContent()).toContain(building.item.id);
  expect(await panel.evaluate((it) => it === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await expect.poll(() => panel.isVisible()).toBe(false);
  const canvas = page.locator('.maplibregl-canvas');
  expect(await canvas.evaluate((it) => it === document.activeElement)).toBe(true);
  expect(city.complaints).toEqual([]);
});

test('Escape closes the results before anything else', async () => {
  await using city = await visit();
  const { page } = city;
  await drawn(page);
  await page.locator('#query').fill(building.item.id);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('listbox').isVisible()).toBe(false);
  expect(await page.locator('#query').inputValue()).toBe(building.item.id);
  expect(city.complaints).toEqual([]);
});
