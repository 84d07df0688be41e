import { expect, test } from 'vitest';
import { resolveDid } from '../did/resolve.ts';
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import { ownKeys, resolvePersona } from '../testing/identities.ts';
import { newPeer } from '../testing/peer.ts';
import vectors from '../testing/vectors/from-prior.json' with { type: 'json' };
import { isTimely, signFromPrior, verifyFromPrior } from './from-prior.ts';
import { signEd25519 } from '../crypto/signature.ts';

test('the vectors of didcomm-rust', async () => {
  expect(await verifyFromPrior(vectors.valid.jwt, resolvePersona)).toEqual({
    kind: 'ok',
    fromPrior: {
      iss: 'did:example:charlie',
      sub: 'did:example:alice',
      iatSeconds: 123456,
      expSeconds: 1234,
      nbfSeconds: 12345,
    },
  });
  for (const jwt of [vectors.invalidSignature, vectors.notAJwt])
    expect(await verifyFromPrior(jwt, resolvePersona)).toEqual({
      kind: 'refused',
      reason: 'fp-kid',
    });
});

test('payloads that name no DIDs are refused though a valid key signed them', async () => {
  const charlie = (await ownKeys('charlie')).find(({ crv }) => crv === 'Ed25519')!;
  const reasons = [];
  for (const { payload } of vectors.invalidPayloads) {
    const parts = [vectors.valid.header, payload].map((part) =>
      toBase64Url(utf8(JSON.stringify(part))),
    );
    const signed = parts.join('.');
    const signature = await signEd25519(charlie.privateKey, utf8(signed));
    const verdict = await verifyFromPrior(`${signed}.${toBase64Url(signature)}`, resolvePersona);
    reasons.push(verdict.kind === 'refused' ? verdict.reason : verdict.kind);
  }
  expect(reasons).toEqual(['fp-kid', 'fp-kid', 'fp-sub', 'fp-sub', 'fp-kid']);
});

test('our own last JWT names nobody it moves to, and verifies', async () => {
  const prior = await newPeer();
  const jwt = await signFromPrior({ iss: prior.did, iatSeconds: 7, signer: prior.signing });
  expect(await verifyFromPrior(jwt, resolveDid)).toEqual({
    kind: 'ok',
    fromPrior: { iss: prior.did, iatSeconds: 7 },
  });
});

test('our own JWT has the header of the specification and verifies', async () => {
  const [prior, next] = await Promise.all([newPeer(), newPeer()]);
  const jwt = await signFromPrior({
    iss: prior.did,
    sub: next.did,
    iatSeconds: 1_800_000_000,
    signer: prior.signing,
  });
  const header: unknown = JSON.parse(fromUtf8(fromBase64Url(jwt.split('.')[0]!)!)!);
  expect(header).toEqual({ typ: 'JWT', alg: 'EdDSA', crv: 'ED25519', kid: prior.signing.kid });
  expect(await verifyFromPrior(jwt, resolveDid)).toEqual({
    kind: 'ok',
    fromPrior: { iss: prior.did, sub: next.did, iatSeconds: 1_800_000_000 },
  });
});

test('the times of R17', () => {
  const at = { iss: 'did:example:charlie', iatSeconds: 1000 } as const;
  expect(isTimely(at, 1000)).toBe(true);
  expect(isTimely(at, 400)).toBe(true);
  expect(isTimely(at, 399)).toBe(false);
  expect(isTimely({ ...at, expSeconds: 1001 }, 1000)).toBe(true);
  expect(isTimely({ ...at, expSeconds: 1000 }, 1000)).toBe(false);
  expect(isTimely({ ...at, nbfSeconds: 1600 }, 1000)).toBe(true);
  expect(isTimely({ ...at, nbfSeconds: 1601 }, 1000)).toBe(false);
});
