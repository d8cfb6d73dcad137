import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { difference, pixels } from './pixels';
import { proxied } from './proxy';
import { latest, SLOW, say } from './sensors';
import { DESKTOP, drawn, PHONE, picture, visit } from './visit';

const [gauge] = await latest(SLOW);
if (!gauge) throw new Error('no sensor of the twin measures water');
const [longitude, latitude] = gauge.point;
const live = (property: string, ...zones: string[]) =>
  `live=${encodeURIComponent([property, ...zones].map(encodeURIComponent).join('/'))}`;
const AT_GAUGE = `#map=17/${latitude}/${longitude}&${live(SLOW)}`;
const HEALTHY = '#live-health[data-health="live"]';

/** The heading of what Enter opens; sensors are drawn a moment after the tiles. */
async function nameAtCentre(page: Page): Promise<string | null> {
  await page.locator('.maplibregl-canvas').focus();
  await page.keyboard.press('Enter');
  const heading = page.locator('#object h2');
  return (await heading.isVisible()) ? heading.textContent() : null;
}

test('what is measured colours the map, with a legend in the unit', async () => {
  await using plain = await visit('#live=-');
  await drawn(plain.page);
  await using city = await visit();
  const { page } = city;
  await page.locator(HEALTHY).waitFor();
  await page.locator('#live-scale .bar li').first().waitFor();
  await drawn(page);
  expect(await page.locator('#live-scale .bar li').count()).toBeGreaterThan(2);
  expect(await page.locator('#live-note').textContent()).toMatch(/^\d+ Sensoren/);
  await expect
    .poll(async () => difference(await pixels(page), await pixels(plain.page)))
    .toBeGreaterThan(1);
  await picture(page, 'live');
  expect([...plain.complaints, ...city.complaints]).toEqual([]);
});

test('a sensor tells what it says now, and a new reading is there at once', async () => {
  await using city = await visit(AT_GAUGE);
  const { page } = city;
  await page.locator(HEALTHY).waitFor();
  await drawn(page);
  const panel = page.locator('#object');
  await expect.poll(() => nameAtCentre(page)).toBe(gauge.name);
  await panel.locator('.spark').waitFor();
  expect(await panel.locator('.spark .line').count()).toBeGreaterThan(0);
  expect(await panel.locator('.readings .value').textContent()).toContain('cm');
  await say(gauge.datastream, 777);
  await expect.poll(() => panel.locator('.readings .value').textContent()).toContain('777');
  expect(await panel.locator('.age-text').textContent()).toMatch(/^vor \d+ s$/);
  await picture(page, 'live-sensor');
  const thing = await panel.locator('a.open').getAttribute('href');
  const { name } = (await (await fetch(thing ?? '')).json()) as { name: string };
  expect(name).toBe(gauge.name);
  expect(page.url()).toContain(`thing=${gauge.thing}`);
  await page.reload();
  await expect.poll(() => panel.locator('h2').textContent()).toBe(gauge.name);
  expect(city.complaints).toEqual([]);
});

test('an object tells the readings of its sensors', async () => {
  const [street] = (await latest('NO2')).filter(({ object }) => object?.collection === 'streets');
  const name = encodeURIComponent(`streets/${street?.object?.id}`);
  await using city = await visit(`#object=${name}&${live('NO2')}`);
  const { page } = city;
  const readings = page.locator('#object .readings');
  await readings.locator('.spark').first().waitFor();
  expect(await readings.textContent()).toContain(`NO2 · ${street?.name}`);
  await drawn(page);
  await picture(page, 'live-street');
  expect(city.complaints).toEqual([]);
});

test('districts are coloured by their means, and the link says so', async () => {
  await using city = await visit(`#${live('NO2')}`);
  const { page } = city;
  await page.locator(HEALTHY).waitFor();
  await drawn(page);
  const before = await pixels(page);
  await page.locator('#live-zones').selectOption('districts_l2');
  await page.locator('#live-window').selectOption('P1D');
  await expect.poll(async () => difference(await pixels(page), before)).toBeGreaterThan(8);
  expect(decodeURIComponent(page.url())).toContain('live=NO2/districts_l2/P1D');
  await picture(page, 'live-districts');
  await page.locator('#live-property').selectOption('');
  await expect.poll(() => page.locator('#live-scale').isVisible()).toBe(false);
  expect(page.url()).toContain('live=-');
  expect(city.complaints).toEqual([]);
});

test('by night high values are bright', async () => {
  const options = { ...DESKTOP, colorScheme: 'dark' as const };
  await using city = await visit(`#${live('NO2', 'districts_l2', 'PT1H')}`, options);
  await city.page.locator('#live-scale .bar li').nth(2).waitFor();
  await drawn(city.page);
  await picture(city.page, 'live-dark');
  expect(city.complaints).toEqual([]);
});

test('the feeds say how they are', async () => {
  await using city = await visit();
  const { page } = city;
  await page.locator('#feeds summary').click();
  const mqtt = page.locator('#feed-list li', { hasText: 'MQTT' });
  await expect.poll(() => mqtt.textContent()).toMatch(/empfängt · vor \d+ s/);
  expect(await mqtt.getAttribute('data-condition')).toBe('ok');
  expect(city.complaints).toEqual([]);
});

test('a connection that breaks is mended, and nothing that came meanwhile is missed', async () => {
  await using proxy = await proxied('/stadt');
  await using city = await visit(AT_GAUGE, DESKTOP, proxy.base);
  const { page } = city;
  await page.locator(HEALTHY).waitFor();
  await drawn(page);
  await expect.poll(() => nameAtCentre(page)).toBe(gauge.name);
  proxy.interrupt();
  await page.locator('#live-health[data-health="waiting"]').waitFor();
  await say(gauge.datastream, 666);
  await page.locator(HEALTHY).waitFor();
  const value = page.locator('#object .readings .value');
  await expect.poll(() => value.textContent()).toContain('666');
});

test('on a phone the readings are a sheet beside the layers', async () => {
  await using city = await visit(`${AT_GAUGE}&thing=${gauge.thing}`, PHONE);
  const { page } = city;
  await page.locator('#object .spark').first().waitFor();
  await drawn(page);
  await picture(page, 'live-phone-sensor');
  await page.getByRole('button', { name: 'Schließen' }).tap();
  await page.locator('#live-toggle').tap();
  await expect.poll(() => page.locator('#live-property').isVisible()).toBe(true);
  await picture(page, 'live-phone');
  await page.locator('#layers-toggle').tap();
  await expect.poll(() => page.locator('#live-property').isVisible()).toBe(false);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(city.complaints).toEqual([]);
});
