import type { Page } from '@playwright/test';
import { QRCodeSVG } from 'qrcode.react';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/** A QR code as the wallet draws it, as PNG. */
export async function drawCode(
  page: Page,
  text: string,
  pixelsPerModule: number,
  margin = 4,
): Promise<Buffer> {
  const svg = (size: number) =>
    renderToStaticMarkup(
      createElement(QRCodeSVG, { value: text, level: 'L', marginSize: margin, size }),
    );
  const [, modules = ''] = /viewBox="0 0 (\d+)/.exec(svg(1)) ?? [];
  await page.setContent(svg(Number(modules) * pixelsPerModule));
  return page.locator('svg').screenshot();
}
