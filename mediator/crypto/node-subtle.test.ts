import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  exportPkcs8,
  generateAgreementKeys,
  importAgreementPrivate,
} from '../../src/crypto/keys.ts';
import { didOf } from '../../src/did/did.ts';
import { findOwnKey } from '../../src/did/key-alias.ts';
import { resolveDid } from '../../src/did/resolve.ts';
import type { ContentEncryption, Secrets } from '../../src/didcomm/engine.ts';
import { nativeEngine } from '../../src/didcomm/native-engine.ts';
import { openEnvelope, type Opened } from '../../src/didcomm/trust-gate.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { forgeries } from '../../src/testing/forged/all.ts';
import { honest, newCast, wrap } from '../../src/testing/forged/cast.ts';
import { attack, make, newStage } from '../../src/testing/forged/generate.ts';
import { jointSecrets, newPeer, type Peer } from '../../src/testing/peer.ts';
import { vectorChecks } from '../../src/testing/vector-checks/all.ts';
import { reportOn } from '../../src/testing/vector-checks/check.ts';
import { useNodeBase64 } from './node-base64.ts';
import { useNodeCrypto } from './node-subtle.ts';

// The engine over node:crypto beside the same engine over Node's Web Crypto: one verdict.

const NOW = Date.UTC(2026, 5, 1);
const cast = await newCast(NOW);
const mine = [cast.bob, cast.bobElsewhere];
let back: (() => void)[] = [];
const useNode = (): void => {
  back = [useNodeCrypto(), useNodeBase64()];
};
afterEach(() => {
  for (const undo of back.splice(0)) undo();
});

/** The same keys, held by node:crypto. */
async function heldByNode(peers: readonly Peer[]): Promise<Secrets> {
  const keys = await Promise.all(
    peers.map(async ({ document, agreement: { jwk } }) => {
      const uses: KeyUsage[] = ['deriveBits'];
      const key = await crypto.subtle.importKey('jwk', jwk, { name: 'X25519' }, true, uses);
      const pkcs8 = await exportPkcs8(key);
      const undo = useNodeCrypto();
      const held = await importAgreementPrivate(pkcs8);
      undo();
      return { document, held };
    }),
  );
  return {
    agreementKey: async (kid) =>
      keys.find(
        ({ document }) =>
          (kid.startsWith('did:key') || didOf(kid) === document.did) &&
          findOwnKey(document.keyAgreement, kid),
      )?.held,
  };
}
const webSecrets = jointSecrets(...mine);
const nodeSecrets = await heldByNode(mine);
const open = (packed: string, secrets: Secrets): Promise<Opened> =>
  openEnvelope(packed, { engine: nativeEngine, secrets, resolve: resolveDid, now: NOW });

/** What both say to each of these. @returns those that they do not say the same to */
async function disagreements(envelopes: readonly string[]): Promise<readonly string[]> {
  const web = [];
  for (const packed of envelopes) web.push(await open(packed, webSecrets));
  useNode();
  const differing = [];
  for (const [i, packed] of envelopes.entries()) {
    const node = await open(packed, nodeSecrets);
    try {
      expect(node).toEqual(web[i]);
    } catch {
      differing.push(
        `${JSON.stringify(web[i])} but ${JSON.stringify(node)}: ${packed.slice(0, 400)}`,
      );
    }
  }
  return differing;
}

test('forgeries and honest envelopes get the same verdict', async () => {
  const packed = await Promise.all(forgeries.map(async ({ pack }) => pack(cast)));
  const legal = ['n', 'a', 's', 'ns', 'as', 'na', 'nas'];
  for (const nesting of legal) packed.push(await wrap(cast, nesting, honest(cast)));
  expect(packed).toHaveLength(788 + 7);
  expect(await disagreements(packed)).toEqual([]);
});

test('generated attacks get the same verdict', async () => {
  const stage = await newStage(cast);
  const recipes = fc.sample(attack, { numRuns: 1000, seed: 20_260_601 });
  const packed = [];
  for (const recipe of recipes) packed.push(await make(stage, recipe));
  expect(await disagreements(packed)).toEqual([]);
});

test('every vector holds over node:crypto', async () => {
  useNode();
  expect(await reportOn(vectorChecks)).toBe('358 of 358 in 29 sets');
});

test.each(['A256CBC-HS512', 'A256GCM', 'XC20P'] satisfies ContentEncryption[])(
  'what one seals with %s the other opens, of any length',
  async (enc) => {
    const texts = Array.from({ length: 40 }, (_, length) =>
      JSON.stringify({ ...honest(cast), body: { content: 'é'.repeat(length) } }),
    );
    const recipients = cast.bob.document.keyAgreement;
    const seal = (): Promise<readonly string[]> =>
      Promise.all(texts.map((text) => nativeEngine.anoncrypt(utf8(text), recipients, enc)));
    const byWeb = await seal();
    useNode();
    const byNode = await seal();
    const read = (packed: readonly string[], secrets: Secrets) =>
      Promise.all(
        packed.map(async (one) => {
          const unpacked = await nativeEngine.unpack(one, secrets, resolveDid);
          return unpacked.kind === 'ok' ? JSON.stringify(unpacked.plaintext) : unpacked.kind;
        }),
      );
    expect(await read(byWeb, nodeSecrets)).toEqual(texts);
    for (const undo of back.splice(0)) undo();
    expect(await read(byNode, webSecrets)).toEqual(texts);
  },
);

test('a key of the mediator does not leave, and agrees with keys of either origin', async () => {
  const [ours, theirs] = await Promise.all([generateAgreementKeys(), newPeer()]);
  const pkcs8 = await exportPkcs8(ours.privateKey);
  const bits = async (privateKey: CryptoKey, name = 'X25519') => {
    const publicKey = await crypto.subtle.importKey(
      'raw',
      theirs.agreement.publicBytes,
      { name: 'X25519' },
      true,
      [],
    );
    return new Uint8Array(
      await crypto.subtle.deriveBits({ name, public: publicKey }, privateKey, 256),
    );
  };
  const expected = await bits(await importAgreementPrivate(pkcs8));
  useNode();
  const held = await importAgreementPrivate(pkcs8);
  await expect(exportPkcs8(held)).rejects.toMatchObject({ name: 'InvalidAccessError' });
  expect(await bits(held)).toEqual(expected);
  expect(await bits(ours.privateKey)).toEqual(expected);
  expect(JSON.stringify(held)).not.toContain(Buffer.from(pkcs8.slice(-32)).toString('base64'));
});

test('other users of Web Crypto in the same process get what they ask for', async () => {
  const raw = (length: number) => new Uint8Array(length).fill(7);
  const asked = async () => {
    const hmac = (hash: string) =>
      crypto.subtle.importKey('raw', raw(20), { name: 'HMAC', hash }, false, ['sign']);
    const macs = ['SHA-1', 'SHA-256', 'SHA-512'].map(async (hash) =>
      Buffer.from(await crypto.subtle.sign('HMAC', await hmac(hash), raw(9))).toString('hex'),
    );
    const sealed = [16, 32].map(async (length) => {
      const key = await crypto.subtle.importKey('raw', raw(length), 'AES-GCM', false, ['encrypt']);
      const algorithm = { name: 'AES-GCM', iv: raw(12) };
      return Buffer.from(await crypto.subtle.encrypt(algorithm, key, raw(40))).toString('hex');
    });
    const digest = Buffer.from(await crypto.subtle.digest('SHA-384', raw(3))).toString('hex');
    const hidden = await hmac('SHA-256');
    const left = await crypto.subtle
      .exportKey('raw', hidden)
      .catch((error: unknown) => (error as Error).name);
    return [await Promise.all([...macs, ...sealed]), digest, left];
  };
  const expected = await asked();
  useNode();
  expect(await asked()).toEqual(expected);
});
