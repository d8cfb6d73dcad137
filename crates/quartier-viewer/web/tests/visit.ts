import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** Where the server under test is, with its path prefix. */
export const server = withSlash(process.env.QUARTIER_URL ?? 'http://127.0.0.1:8080/');

const executablePath = process.env.QUARTIER_CHROMIUM ?? '/usr/bin/chromium';

const ARGUMENTS = [
  '--no-sandbox',
  // WebGL on the processor.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

export const DESKTOP: BrowserContextOptions = {
  locale: 'de-DE',
  viewport: { width: 1280, height: 800 },
};

export const PHONE: BrowserContextOptions = {
  locale: 'de-DE',
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** A browser that nobody has used before, on a page that notes all that goes wrong. */
export interface Visit extends AsyncDisposable {
  page: Page;
  /** What went wrong, or was asked of another place than the server. */
  complaints: string[];
}

export async function visit(hash = '', options = DESKTOP, base = server): Promise<Visit> {
  const profile = mkdtempSync(join(tmpdir(), 'quartier-viewer-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGUMENTS,
    ...options,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints = listen(page, base);
  await page.goto(`${base}map/${hash}`);
  return { page, complaints, [Symbol.asyncDispose]: () => leave(context, profile) };
}

async function leave(context: BrowserContext, profile: string): Promise<void> {
  await context.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}

function listen(page: Page, base: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    // The browser itself says that WebGL on the processor is slow.
    if (isBad && !/GL Driver Message|software WebGL/i.test(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(base) || /^(blob|data):/.test(request.url());
    if (!isOwn) complaints.push(`elsewhere: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // The map gives up tiles that have left the view.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}

/** Until all tiles are drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.locator('#progress[data-state="idle"]').waitFor({ state: 'attached' });
  // A key or a click starts an animation with the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await page.locator('#progress[data-state="idle"]').waitFor({ state: 'attached' });
}

/** Keeps a picture for people, where the environment names a folder for them. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.QUARTIER_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
