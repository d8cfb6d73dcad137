import type { Page } from 'playwright-core';

export interface Pixels {
  /** Colours that cover more than a speck. */
  colours: number;
  /** The share of the most frequent colour, from 0 to 1. */
  largest: number;
  /** Coarse cells of the picture, for comparing two. */
  cells: number[];
}

/** What is seen of the map itself, without panels and buttons. */
export async function pixels(page: Page): Promise<Pixels> {
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  const isWide = size.width > 700;
  const clip = isWide
    ? { x: 380, y: 60, width: size.width - 480, height: size.height - 160 }
    : { x: 10, y: 120, width: size.width - 80, height: size.height - 320 };
  const png = await page.screenshot({ clip });
  return measured(page, png.toString('base64'));
}

/** The browser reads PNG already; an empty page of it has no policy against that. */
async function measured(page: Page, png: string): Promise<Pixels> {
  const blank = await page.context().newPage();
  try {
    return await blank.evaluate(count, png);
  } finally {
    await blank.close();
  }
}

/** Runs in the browser, and so has everything it needs within. */
async function count(png: string): Promise<Pixels> {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser has no canvas');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = new Map<number, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = ((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const total = data.length / 4;
  const speck = total / 20_000;
  context.drawImage(image, 0, 0, 24, 16);
  return {
    colours: [...counts.values()].filter((count) => count > speck).length,
    largest: Math.max(...counts.values()) / total,
    cells: [...context.getImageData(0, 0, 24, 16).data],
  };
}

/** The mean difference of two pictures in steps of 255. */
export function difference(one: Pixels, other: Pixels): number {
  const sum = one.cells.reduce((sum, cell, i) => sum + Math.abs(cell - (other.cells[i] ?? 0)), 0);
  return sum / one.cells.length;
}
