import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import * as v from 'valibot';
import { fromBase64Url } from '../../src/lib/base64url.ts';
import { jsonOf, type Settings } from '../settings.ts';

/** By which push services know that a push comes from whom the subscription was made for (RFC 8292). */
export interface Vapid {
  /** Uncompressed point of P-256, base64url. */
  readonly publicB64u: string;
  /** The value of `Authorization` for one push service. */
  authorize(audience: string, contact: string, nowMs: number): string;
}

const KeyFile = v.object({ version: v.literal(1), pkcs8B64u: v.string() });
/** Push services take a day at most (RFC 8292 section 2). */
const TOKEN_SECONDS = 12 * 3600;

/**
 * The key of this mediator, made at its first start and kept with its others: every subscription is bound to it.
 * @throws Error when it is there but broken: a new one would lose every subscription
 */
export async function loadVapid(settings: Settings): Promise<Vapid> {
  const parsed = v.safeParse(KeyFile, jsonOf(await settings.once('vapid', newKey)));
  const pkcs8 = parsed.success ? fromBase64Url(parsed.output.pkcs8B64u) : undefined;
  if (!pkcs8) throw new Error('the push key of this mediator is there, but broken');
  return vapidOf(Buffer.from(pkcs8));
}

/** @param pkcs8 a private key of P-256 */
export function vapidOf(pkcs8: Buffer): Vapid {
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]);
  const publicB64u = point.toString('base64url');
  const header = encoded({ typ: 'JWT', alg: 'ES256' });
  return {
    publicB64u,
    authorize: (audience, contact, nowMs) => {
      const exp = Math.floor(nowMs / 1000) + TOKEN_SECONDS;
      const signed = `${header}.${encoded({ aud: audience, exp, sub: contact })}`;
      const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
      return `vapid t=${signed}.${signature.toString('base64url')}, k=${publicB64u}`;
    },
  };
}

export const newVapidKey = (): Buffer =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'der',
    type: 'pkcs8',
  });

const newKey = async (): Promise<string> =>
  JSON.stringify({ version: 1, pkcs8B64u: newVapidKey().toString('base64url') });

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
