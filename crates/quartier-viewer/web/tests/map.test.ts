import { expect, test } from 'vitest';
import { aBuilding, collections } from './city';
import { difference, pixels } from './pixels';
import { DESKTOP, drawn, picture, visit } from './visit';

const building = await aBuilding();
const [longitude, latitude] = building.inside;
const AT_BUILDING = `#map=18/${latitude}/${longitude}`;

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

test('whoever likes it dark sees the city by night', async () => {
  await using day = await visit();
  await drawn(day.page);
  await using night = await visit('', { ...DESKTOP, colorScheme: 'dark' });
  await drawn(night.page);
  const [bright, dark] = await Promise.all([pixels(day.page), pixels(night.page)]);
  expect(difference(bright, dark)).toBeGreaterThan(60);
  await picture(night.page, 'desktop-dark');
  expect([...day.complaints, ...night.complaints]).toEqual([]);
});
