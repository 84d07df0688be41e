import { createECDH } from 'node:crypto';
import { expect, test } from 'vitest';
import { encryptPush, isOnCurve } from './encrypt.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
const p256dh = bytes(
  'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
);

test('the example of RFC 8291 section 5', () => {
  const body = encryptPush(
    'When I grow up, I want to be a watermelon',
    { p256dh, auth: bytes('BTBZMqHH6r4Tts7J_aSIgg') },
    {
      privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
      salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
    },
  );
  expect(body.toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
});

test('every push is encrypted anew', () => {
  const recipient = { p256dh, auth: Buffer.alloc(16, 1) };
  expect(encryptPush('x', recipient)).not.toEqual(encryptPush('x', recipient));
});

test('only a point of P-256 is a key', () => {
  expect(isOnCurve(p256dh)).toBe(true);
  expect(isOnCurve(createECDH('prime256v1').generateKeys())).toBe(true);
  expect(isOnCurve(createECDH('secp256k1').generateKeys())).toBe(false);
  expect(isOnCurve(Buffer.alloc(65, 4))).toBe(false);
});
