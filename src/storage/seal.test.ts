import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../lib/bytes.ts';
import { openDevice } from './device.ts';
import type { RowSealer } from './seal.ts';
import { openVault, type Vault } from './vault.ts';
import { createWalletKeys } from './wallet-keys.ts';

let vault: Vault;
const domains: [string, RowSealer][] = [];

beforeAll(async () => {
  const record = await createWalletKeys();
  const opening = await openVault(record);
  if (opening.kind !== 'ok') throw new Error('the vault of a new wallet opens');
  vault = opening.vault;
  domains.push(['vault', vault], ['device', await openDevice(record)]);
});

const forEachDomain = async (check: (sealer: RowSealer) => Promise<void>): Promise<void> => {
  expect(domains).toHaveLength(2);
  for (const [, sealer] of domains) await check(sealer);
};

const flipped = (bytes: Bytes, bit: number): Bytes => {
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
};

describe('sealing a row', () => {
  it('gives back any JSON value', () =>
    forEachDomain((sealer) =>
      fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.uuid(), async (value, id) => {
          const sealed = await sealer.seal('messages', id, value);
          const opened = await sealer.open('messages', id, sealed);
          expect(opened).toEqual({ kind: 'ok', value: JSON.parse(JSON.stringify(value)) });
        }),
        { numRuns: 100 },
      ),
    ));

  it('gives back text that pads, escapes or breaks encoders', async () => {
    const texts = ['', '\u0000', ' ', '0\u0080', '\ud800', '😀'.repeat(300), '\u202e', '"\\'];
    await forEachDomain(async (sealer) => {
      for (const text of texts) {
        const opened = await sealer.open('t', 'id', await sealer.seal('t', 'id', { text }));
        expect(opened).toEqual({ kind: 'ok', value: { text } });
      }
    });
  });

  it('shows only the size class: 64, 128, 256, ... bytes of plaintext', async () => {
    // Framing: header 16, tag 16; within the padding a length of 4 and the two quotes of the JSON string.
    const sizeFor = async (textLength: number) =>
      (await vault.seal('t', 'id', 'x'.repeat(textLength))).length - 32;
    expect(await sizeFor(0)).toBe(64);
    for (const size of [64, 128, 256, 512, 1024, 2048, 4096, 8192, 65536]) {
      expect(await sizeFor(size / 2 - 5)).toBe(size);
      expect(await sizeFor(size - 6)).toBe(size);
      expect(await sizeFor(size - 5)).toBe(size * 2);
    }
  });

  it('never seals one value twice to the same bytes', async () => {
    const sealed = await Promise.all(
      Array.from({ length: 200 }, () => vault.seal('t', 'id', 'same')),
    );
    expect(new Set(sealed.map(String)).size).toBe(200);
    expect(new Set(sealed.map((row) => String(row.subarray(4, 16)))).size).toBe(200);
  });

  it('leaves no plaintext in the row', async () => {
    const canary = 'CANARY-7f3a-did:peer:2.Ez6LS';
    await forEachDomain(async (sealer) => {
      const sealed = await sealer.seal('contacts', 'id', { name: canary, times: 3 });
      expect(Buffer.from(sealed).includes(canary)).toBe(false);
      expect(Buffer.from(sealed).includes('name')).toBe(false);
      expect(Buffer.from(sealed).includes(canary.slice(0, 6))).toBe(false);
    });
  });

  it('refuses what is not JSON and places that would be ambiguous', async () => {
    await forEachDomain(async (sealer) => {
      await expect(sealer.seal('t', 'id', undefined)).rejects.toThrow(TypeError);
      await expect(sealer.seal('t', 'id|1', 0)).rejects.toThrow(TypeError);
      await expect(sealer.seal('t|id', '1', 0)).rejects.toThrow(TypeError);
    });
  });
});

describe('opening a row', () => {
  it('calls a row from another place damaged', () =>
    forEachDomain(async (sealer) => {
      const sealed = await sealer.seal('messages', 'a', 'text');
      const places = [
        ['messages', 'b'],
        ['messages', ''],
        ['messages', 'a|1'],
        ['contacts', 'a'],
        ['drafts', 'a'],
      ] as const;
      for (const [table, id] of places)
        expect(await sealer.open(table, id, sealed)).toEqual({ kind: 'damaged' });
      expect((await sealer.open('messages', 'a', sealed)).kind).toBe('ok');
    }));

  it('calls a row of the other domain, or of another wallet, damaged', async () => {
    const stranger = await openVault(await createWalletKeys());
    if (stranger.kind !== 'ok') throw new Error('locked');
    const [, device] = domains[1]!;
    const sealed = await vault.seal('t', 'id', 1);
    expect(await device.open('t', 'id', sealed)).toEqual({ kind: 'damaged' });
    expect(await stranger.vault.open('t', 'id', sealed)).toEqual({ kind: 'damaged' });
    const deviceSealed = await device.seal('t', 'id', 1);
    expect(await vault.open('t', 'id', deviceSealed)).toEqual({ kind: 'damaged' });
  });

  it('notices every flipped bit: damaged, or newer where version, algorithm and generation stand', () =>
    forEachDomain(async (sealer) => {
      const sealed = await sealer.seal('t', 'id', { text: 'hello' });
      for (let bit = 0; bit < sealed.length * 8; bit += 1) {
        const opened = await sealer.open('t', 'id', flipped(sealed, bit));
        expect(opened).toEqual({ kind: bit < 32 ? 'newer' : 'damaged' });
      }
    }));

  it('calls every truncation damaged', () =>
    forEachDomain(async (sealer) => {
      const sealed = await sealer.seal('t', 'id', 'hello');
      for (let length = 0; length < sealed.length; length += 1)
        expect(await sealer.open('t', 'id', sealed.slice(0, length))).toEqual({ kind: 'damaged' });
      expect(await sealer.open('t', 'id', new Uint8Array([...sealed, 0]))).toEqual({
        kind: 'damaged',
      });
    }));

  it('leaves rows of later versions alone, whatever their length', () =>
    forEachDomain(async (sealer) => {
      const sealed = await sealer.seal('t', 'id', 'hello');
      const prefixes = [
        [2, 1, 0, 1],
        [1, 2, 0, 1],
        [1, 9, 0, 1],
        [1, 1, 0, 2],
        [1, 1, 1, 1],
      ];
      for (const prefix of prefixes) {
        const later = new Uint8Array([...prefix, ...sealed.subarray(4)]);
        expect(await sealer.open('t', 'id', later)).toEqual({ kind: 'newer' });
        expect(await sealer.open('t', 'id', later.slice(0, 4))).toEqual({ kind: 'newer' });
      }
    }));

  it('survives random bytes', () =>
    forEachDomain((sealer) =>
      fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          const opened = await sealer.open('t', 'id', new Uint8Array(bytes));
          expect(['newer', 'damaged']).toContain(opened.kind);
        }),
        { numRuns: 200 },
      ),
    ));
});
