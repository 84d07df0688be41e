import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { lanGuide } from './terminal.ts';

const facts = {
  setUpUrl: 'http://[fd12:3456:789a:1::1234]:8081/',
  fingerprint: 'AB:CD',
  machine: 'vm',
};
const PIXELS = 6;
/** Upper and lower half of a character, dark or not. */
const HALVES: Readonly<Record<string, readonly [boolean, boolean]>> = {
  ' ': [false, false],
  '▀': [true, false],
  '▄': [false, true],
  '█': [true, true],
};

/** The lines as a terminal with black on white shows them. */
function pictureOf(lines: readonly string[]) {
  const rows = lines.flatMap((line) =>
    [0, 1].map((half) => Array.from(line, (character) => HALVES[character]?.[half] === true)),
  );
  const width = (rows[0]?.length ?? 0) * PIXELS;
  const height = rows.length * PIXELS;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (rows[Math.floor(y / PIXELS)]?.[Math.floor(x / PIXELS)] === true)
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  return { data, width, height, colorSpace: 'srgb' as const };
}

test('a camera reads the code in the terminal, and eyes the rest', async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({
    overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer },
  });
  const plain = await lanGuide(facts, false);
  const coloured = await lanGuide(facts, true);
  const drawn = coloured.split('\n').filter((line) => line.startsWith('\x1b[30;107m'));
  const lines = drawn.map((line) => line.slice('\x1b[30;107m'.length, -'\x1b[0m'.length));
  const [code] = await readBarcodes(pictureOf(lines), { formats: ['QRCode'] });
  expect(code?.text).toBe(facts.setUpUrl);
  // Four modules of light on every side, whatever the colours of the terminal.
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  for (const line of lines) expect([line.slice(0, 4), line.slice(-4)]).toEqual(['    ', '    ']);
  for (const line of [0, 1, -1, -2].map((at) => lines.at(at))) expect(line?.trim()).toBe('');
  for (const line of lines) expect(plain).toContain(line);
  expect(plain).toContain(facts.setUpUrl);
  expect(plain).toContain('AB:CD');
  expect(plain).not.toContain('\x1b');
});
