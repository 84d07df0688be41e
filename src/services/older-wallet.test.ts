import { expect, test } from 'vitest';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import { isVersion1 } from './older-wallet.ts';

const envelope = (header: object): string =>
  JSON.stringify({
    protected: toBase64Url(utf8(JSON.stringify(header))),
    iv: 'x',
    ciphertext: 'x',
    tag: 'x',
  });

test('an envelope of DIDComm version 1 is told from all others', () => {
  const v1 = { enc: 'xchacha20poly1305_ietf', typ: 'JWM/1.0', alg: 'Authcrypt', recipients: [] };
  expect(isVersion1(envelope(v1))).toBe(true);
  expect(isVersion1(envelope({ ...v1, typ: 'application/didcomm-encrypted+json' }))).toBe(false);
  for (const text of ['', 'x', '[]', '{}', '{"protected":7}', '{"protected":"%"}', envelope([])])
    expect(isVersion1(text), text).toBe(false);
});
