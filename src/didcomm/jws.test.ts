import { expect, test } from 'vitest';
import { decodeKey, encodeKey } from '../crypto/multicodec.ts';
import { resolveDid } from '../did/resolve.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import { jwsEntry, newSigner, type Signer } from '../testing/signers.ts';
import { verifyAttachment } from './attachment-signature.ts';
import { nativeEngine } from './native-engine.ts';
import { verifyFromPrior } from './verify-from-prior.ts';

const ALGS = ['EdDSA', 'ES256', 'ES256K'] as const;
const OTHER = { EdDSA: 'ES256', ES256: 'ES256K', ES256K: 'ES256' } as const;
const signers = new Map<Signer['alg'], Signer>();
for (const alg of ALGS) signers.set(alg, await newSigner(alg));
const signerOf = (alg: Signer['alg']) => signers.get(alg)!;

const nobody = { agreementKey: async () => undefined };
const unpack = (jws: object) => nativeEngine.unpack(JSON.stringify(jws), nobody, resolveDid);
const plaintext = { id: '1', type: 'https://didcomm.org/empty/1.0/empty', body: {} };
const payload = toBase64Url(utf8(JSON.stringify(plaintext)));

test.each(ALGS)('%s: general and flattened, the kid in either header', async (alg) => {
  const signer = signerOf(alg);
  for (const kidIn of ['protected', 'header'] as const) {
    const entry = await jwsEntry(signer, payload, kidIn);
    for (const jws of [
      { payload, signatures: [entry] },
      { payload, ...entry },
    ]) {
      expect(await unpack(jws)).toMatchObject({
        kind: 'ok',
        layers: [{ kind: 'signed', signerKid: signer.kid }],
      });
      const other = toBase64Url(utf8(JSON.stringify({ ...plaintext, id: '2' })));
      expect(await unpack({ ...jws, payload: other })).toEqual({
        kind: 'refused',
        fault: 'signer',
      });
    }
  }
});

test.each(ALGS)('%s: the algorithm must be that of the key', async (alg) => {
  const signer = signerOf(alg);
  const entry = await jwsEntry({ ...signer, alg: OTHER[alg] }, payload);
  expect(await unpack({ payload, ...entry })).toEqual({ kind: 'refused', fault: 'signer' });
  const stranger = await newSigner(alg);
  const stolen = await jwsEntry({ ...stranger, kid: signer.kid }, payload);
  expect(await unpack({ payload, ...stolen })).toEqual({ kind: 'refused', fault: 'signer' });
});

test('a key that is listed for one curve signs on no other', async () => {
  const signer = await newSigner('ES256K');
  const key = decodeKey(signer.did.slice('did:key:'.length));
  if (key.kind === 'malformed') throw new Error('a fresh key must be readable');
  const multibase = encodeKey('P-256', key.publicBytes);
  const kid = `did:key:${multibase}#${multibase}` as const;
  const entry = await jwsEntry({ ...signer, kid }, payload);
  expect(await unpack({ payload, ...entry })).toEqual({ kind: 'refused', fault: 'signer' });
});

async function jwtOf({ alg, kid, did, sign }: Signer, header: object): Promise<string> {
  const claims = { iss: did, sub: 'did:peer:2x', iat: 1_700_000_000 };
  const encode = (part: object) => toBase64Url(utf8(JSON.stringify(part)));
  const signed = `${encode({ typ: 'JWT', alg, kid, ...header })}.${encode(claims)}`;
  return `${signed}.${toBase64Url(await sign(utf8(signed)))}`;
}

test.each(ALGS)('%s: from_prior, with and without crv', async (alg) => {
  const signer = signerOf(alg);
  const { crv, did } = signer;
  for (const header of [{}, { crv }, { crv: crv.toUpperCase() }])
    expect(await verifyFromPrior(await jwtOf(signer, header), resolveDid)).toMatchObject({
      kind: 'ok',
      fromPrior: { iss: did },
    });
  for (const header of [{ crv: 'X25519' }, { crv: 1 }, { alg: OTHER[alg] }, { alg: 'none' }])
    expect(await verifyFromPrior(await jwtOf(signer, header), resolveDid)).toEqual({
      kind: 'refused',
      reason: 'fp-kid',
    });
});

test.each(ALGS)('%s: a detached signature over an attachment', async (alg) => {
  const signer = signerOf(alg);
  const bytes = utf8('what is attached');
  const base64 = toBase64Url(bytes);
  const jws = await jwsEntry(signer, base64);
  const ok = { kind: 'ok', signerKid: signer.kid };
  const verify = (data: object, fetched = undefined as typeof bytes | undefined) =>
    verifyAttachment({ data }, resolveDid, fetched);

  expect(await verify({ base64, jws })).toEqual(ok);
  expect(await verify({ base64: btoa('what is attached'), jws })).toEqual(ok);
  expect(await verify({ base64, jws: { signatures: [jws] } })).toEqual(ok);
  expect(await verify({ base64, jws: { ...jws, payload: base64 } })).toEqual(ok);
  expect(await verify({ links: ['https://example.org'], hash: 'x', jws }, bytes)).toEqual(ok);

  const refused = (fault: string) => ({ kind: 'refused', fault });
  expect(await verify({ base64: toBase64Url(utf8('other')), jws })).toEqual(refused('signer'));
  const other = { ...jws, payload: toBase64Url(utf8('other')) };
  expect(await verify({ base64, jws: other })).toEqual(refused('signer'));
  expect(await verify({ base64: '%', jws })).toEqual(refused('malformed'));
  expect(await verify({ base64, jws: 'a.b.c' })).toEqual(refused('malformed'));
  expect(await verify({ base64, jws: { ...jws, header: {} } })).toEqual(refused('signer'));
  expect(await verify({ json: {}, jws })).toEqual({ kind: 'no-bytes' });
  expect(await verify({ links: ['https://example.org'], hash: 'x', jws })).toEqual({
    kind: 'no-bytes',
  });
  expect(await verify({ base64 })).toEqual({ kind: 'unsigned' });
});
