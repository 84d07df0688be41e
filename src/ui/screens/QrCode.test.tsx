import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { newLinkSecret, shortLink } from '../../protocols/blind-link/seal.ts';
import { QrCode } from './QrCode.tsx';

vi.stubGlobal('devicePixelRatio', 1);

/** Modules along one side, without the quiet zone. */
function modulesOf(url: string, short: boolean): number {
  const [, size] =
    /viewBox="0 0 (\d+) /.exec(renderToStaticMarkup(<QrCode url={url} short={short} />)) ?? [];
  return Number(size) - 8;
}

const VERSION_5 = 37;
const VERSION_20 = 97;

test.each([
  'https://parley.chat',
  'https://wallet.example.org',
  'https://a-rather-long-name.example.org',
])('the short link at %s is a code of version 5 with redundancy M', (origin) => {
  expect(modulesOf(shortLink(origin, newLinkSecret()), true)).toBe(VERSION_5);
});

test('the long link of 858 characters is a code of version 20', () => {
  expect(modulesOf(`https://wallet.example.org/i?_oob=${'a'.repeat(858 - 34)}`, false)).toBe(
    VERSION_20,
  );
});
