import { expect, test } from 'vitest';
import { resolveDid } from '../did/resolve.ts';
import { fromBase64Url } from '../lib/base64url.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import { newPeer } from '../testing/peer.ts';
import { signFromPrior } from './from-prior.ts';
import { isTimely, verifyFromPrior } from './verify-from-prior.ts';

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
