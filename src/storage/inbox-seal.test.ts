import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDevice, type Device } from './device.ts';
import { openVault, type Vault } from './vault.ts';
import { createWalletKeys, type WalletKeysRecord } from './wallet-keys.ts';

let record: WalletKeysRecord;
let device: Device;
let vault: Vault;

const vaultOf = async (keys: WalletKeysRecord): Promise<Vault> => {
  const opening = await openVault(keys);
  if (opening.kind !== 'ok') throw new Error('locked');
  return opening.vault;
};

beforeAll(async () => {
  record = await createWalletKeys();
  device = await openDevice(record);
  vault = await vaultOf(record);
});

describe('sealing arrivals', () => {
  it('opens for the vault', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.uuid(), async (value, id) => {
        const opened = await vault.openInbox(id, await device.sealInbox(id, value));
        expect(opened).toEqual({ kind: 'ok', value: JSON.parse(JSON.stringify(value)) });
      }),
      { numRuns: 50 },
    ));

  it('works without any slot, that is while locked', async () => {
    const locked = await openDevice({ ...record, slots: [] });
    const sealed = await locked.sealInbox('id', 'while asleep');
    expect(await vault.openInbox('id', sealed)).toEqual({ kind: 'ok', value: 'while asleep' });
  });

  it('opens for nobody else', async () => {
    const sealed = await device.sealInbox('id', 'secret');
    const other = await createWalletKeys();
    expect((await device.open('inbox', 'id', sealed)).kind).not.toBe('ok');
    expect((await vault.open('inbox', 'id', sealed)).kind).not.toBe('ok');
    expect(await (await vaultOf(other)).openInbox('id', sealed)).toEqual({ kind: 'damaged' });
  });

  it('does not open under another id, and rows of tables are no arrivals', async () => {
    const sealed = await device.sealInbox('a', 'secret');
    expect(await vault.openInbox('b', sealed)).toEqual({ kind: 'damaged' });
    expect(await vault.openInbox('a|1', sealed)).toEqual({ kind: 'damaged' });
    const row = await device.seal('inbox', 'a', 'secret');
    expect((await vault.openInbox('a', row)).kind).not.toBe('ok');
    await expect(device.sealInbox('a|1', 'x')).rejects.toThrow(TypeError);
  });

  it('notices every flipped bit and every truncation', async () => {
    const sealed = await device.sealInbox('id', 'secret');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = sealed.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      const { kind } = await vault.openInbox('id', altered);
      // RFC 7748 section 5 ignores the top bit of a point; the key derivation covers the bytes as sent.
      expect(kind).toBe(bit < 32 ? 'newer' : 'damaged');
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(await vault.openInbox('id', sealed.slice(0, length))).toEqual({ kind: 'damaged' });
  });

  it('calls a point of low order damaged', async () => {
    const sealed = await device.sealInbox('id', 'secret');
    for (const first of [0, 1]) {
      const altered = sealed.slice();
      altered.fill(0, 16, 48);
      altered[16] = first;
      expect(await vault.openInbox('id', altered)).toEqual({ kind: 'damaged' });
    }
  });

  it('uses a fresh ephemeral key each time and leaves no plaintext', async () => {
    const canary = 'CANARY-jwe-protected';
    const rows = await Promise.all(
      Array.from({ length: 20 }, () => device.sealInbox('id', { packed: canary })),
    );
    const ephemerals = rows.map((row) => String(row.subarray(16, 48)));
    expect(new Set(ephemerals).size).toBe(20);
    for (const row of rows) expect(Buffer.from(row).includes(canary.slice(0, 6))).toBe(false);
  });
});
