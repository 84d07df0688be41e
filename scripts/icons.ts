/**
 * Draws every picture of the app's mark from public/icons/icon.svg; run after changing that file:
 * `node scripts/icons.ts`. The results are committed.
 */
import { readFileSync } from 'node:fs';
import { chromium as playwright, type Page } from '@playwright/test';
import { chromium } from './browser.ts';

const FOLDER = 'public/icons';
const svg = readFileSync(`${FOLDER}/icon.svg`, 'utf8');

/**
 * Systems cut masks out of the full square: the mark must stay in a circle of 80 % of its width.
 */
const fullBleed = (scale: number) =>
  svg
    .replace('rx="112"', '')
    .replace(
      '<g fill',
      `<g transform="translate(256 256) scale(${scale}) translate(-256 -256)"><g fill`,
    )
    .replace('</svg>', '</g></svg>');

/**
 * One colour on nothing, for badges and themed icons: only the shape counts, so the paper's line is
 * cut out.
 */
const monochrome = svg
  .replace(/<rect[^>]*>/, '')
  .replace('<g fill="#1F5F5B">', '<g fill="#fff" mask="url(#line)">')
  .replace(/<path fill="#B4531F" stroke="#FBF7F1"([^>]*>)/, (_, lens: string) => {
    return `<mask id="line"><rect width="512" height="512" fill="#fff"/><path fill="none" stroke="#000"${lens}</mask>`;
  })
  .replace('viewBox="0 0 512 512"', 'viewBox="48 48 416 416"');

const pictures: readonly (readonly [name: string, size: number, picture: string])[] = [
  ['icon-192', 192, svg],
  ['icon-512', 512, svg],
  ['maskable-512', 512, fullBleed(0.84)],
  ['apple-touch-180', 180, fullBleed(0.94)],
  ['monochrome-512', 512, monochrome],
  ['badge-96', 96, monochrome],
];

const browser = await playwright.launch({ ...chromium(), args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const [name, size, picture] of pictures) await draw(page, name, size, picture);
await browser.close();

async function draw(on: Page, name: string, size: number, picture: string): Promise<void> {
  await on.setViewportSize({ width: size, height: size });
  await on.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${picture}`);
  await on.screenshot({ path: `${FOLDER}/${name}.png`, omitBackground: true });
}
