import { expect, test } from 'vitest';
import { aBuilding } from './city';
import { pixels } from './pixels';
import { proxied } from './proxy';
import { DESKTOP, drawn, visit } from './visit';

test('behind a proxy with a path the page asks for nothing outside of it', async () => {
  const building = await aBuilding();
  await using proxy = await proxied('/stadt/zwilling');
  await using city = await visit('', DESKTOP, proxy.base);
  const { page } = city;
  await drawn(page);
  expect((await pixels(page)).colours).toBeGreaterThan(3);
  await page.locator('#query').fill(building.item.id);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  const link = page.locator('#object a.open');
  await link.waitFor();
  expect(await link.getAttribute('href')).toContain(`${proxy.base}collections/`);
  expect(city.complaints).toEqual([]);
});

test('the page is found without its closing slash', async () => {
  await using proxy = await proxied('/stadt/zwilling');
  const response = await fetch(`${proxy.base}map`);
  expect(response.ok).toBe(true);
  expect(response.url).toBe(`${proxy.base}map/`);
});
