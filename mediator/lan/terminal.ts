import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

/** What the terminal shows beside the one ready line. */
export interface TerminalFacts {
  /** Plain http: what a phone opens first. */
  readonly setUpUrl: string;
  readonly fingerprint: string;
  readonly machine: string;
}

export async function lanGuide(facts: TerminalFacts, colours: boolean): Promise<string> {
  const code = await drawCode(facts.setUpUrl, colours);
  return `
${code.text}

On a phone in the same network: scan this code, or open ${facts.setUpUrl}
It leads to Parley once the phone trusts this computer's certificate:
  1. Download the certificate from that page.
  2. iPhone   Settings > General > VPN & Device Management > Parley on ${facts.machine} > Install,
              then General > About > Certificate Trust Settings > switch it on.
     Android  Settings > search "CA certificate" > Install anyway > parley-ca.crt
  Certificate (SHA-256) ${facts.fingerprint}
`;
}

/**
 * In blocks of two modules per character, with its quiet zone.
 * @param colours black on white whatever the terminal's own colours are: cameras want it so
 */
export async function drawCode(
  text: string,
  colours: boolean,
): Promise<{ readonly text: string; readonly width: number }> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  const { utf8, error } = await writeBarcode(text, { format: 'QRCode', ecLevel: 'L' });
  if (error !== '') throw new Error(error);
  const lines = utf8.trimEnd().split('\n');
  // The standard asks for four light modules around; the library gives one or two.
  const wide = lines.map((line) => `   ${line.padEnd(lines[0]?.length ?? 0)}   `);
  const light = ' '.repeat(wide[0]?.length ?? 0);
  const drawn = [light, light, ...wide, light, light];
  const shown = drawn.map((line) => (colours ? `\x1b[30;107m${line}\x1b[0m` : line));
  return { text: shown.join('\n'), width: light.length };
}
