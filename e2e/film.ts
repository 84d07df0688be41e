import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';

/**
 * Writes what Chromium's fake camera shows: JPEG frames back to back, which it repeats. The picture
 * stands in the middle of a grey room, as a phone's screen would in front of a lens.
 *
 * @param page a page to draw on
 * @param picture PNG
 * @param file path that ends in .mjpeg
 * @param scale of the picture; 1 keeps its pixels
 */
export async function writeFilm(
  page: Page,
  picture: Buffer,
  file: string,
  scale = 1,
): Promise<void> {
  await page.setViewportSize({ width: 1_280, height: 720 });
  await page.setContent(
    `<body style="margin:0;height:100vh;display:grid;place-items:center;background:#777">
      <img style="zoom:${scale}" src="data:image/png;base64,${picture.toString('base64')}">`,
  );
  await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
  const frame = await page.screenshot({ type: 'jpeg', quality: 80 });
  writeFileSync(file, Buffer.concat([frame, frame, frame]));
  await page.goto('about:blank');
}
