import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import { equalBytes, type Bytes } from '../lib/bytes.ts';
import type { AgreementCurve } from './agreement-curve.ts';
import { generateAgreementKeys, importX25519Public } from './keys.ts';

const x25519: AgreementCurve = {
  name: 'X25519',
  fromJwk: (jwk) => {
    if (jwk['kty'] !== 'OKP' || typeof jwk['x'] !== 'string') return undefined;
    const publicBytes = fromBase64Url(jwk['x']);
    return publicBytes && x25519.isSafe(publicBytes) ? publicBytes : undefined;
  },
  toJwk: (publicBytes) => ({ kty: 'OKP', crv: 'X25519', x: toBase64Url(publicBytes) }),
  isSafe: (publicBytes) => publicBytes.length === 32 && !hasLowOrder(publicBytes),
  ephemeral: generateAgreementKeys,
  importPublic: importX25519Public,
  agree: async (privateKey, publicKey) => {
    const algorithm = { name: 'X25519', public: publicKey };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, privateKey, 256));
  },
};

/** @param name the `crv` of a JWK @returns undefined for a curve that is not supported */
export async function agreementCurve(name: unknown): Promise<AgreementCurve | undefined> {
  if (name === 'X25519') return x25519;
  if (name !== 'P-256' && name !== 'P-384' && name !== 'P-521') return undefined;
  const { nistCurve } = await import('./nist.ts');
  return nistCurve(name);
}

/** The `crv` of a private key of ours. */
export const curveOf = ({ algorithm }: CryptoKey): unknown =>
  'namedCurve' in algorithm ? algorithm.namedCurve : algorithm.name;

/** The u coordinates of order 8, little-endian (RFC 7748 section 7 and the list of curve25519's author). */
const ORDER_EIGHT = [
  '4Ot6fDtBuK4WVuP68Z_EatoJjeucMrH9hmIFFl9JuAA',
  'X5yVvKNQjCSx0LFVnIPvWwREXMRYHI6G2CJO3dCfEVc',
].flatMap((text) => fromBase64Url(text) ?? []);

/**
 * Whether the point is one of the few of small order, with which every shared secret is zero. Web Crypto
 * refuses the result too; known beforehand it is the stranger's fault, and never an exception.
 */
function hasLowOrder(publicBytes: Bytes): boolean {
  const u = publicBytes.slice();
  const last = (u[31] ?? 0) & 0x7f; // RFC 7748 section 5: the highest bit is ignored
  u[31] = last;
  const first = u[0] ?? 0;
  const middle = u.subarray(1, 31);
  if (last === 0 && middle.every((byte) => byte === 0)) return first <= 1; // 0, 1
  if (last === 0x7f && middle.every((byte) => byte === 0xff)) return first >= 0xec && first <= 0xee; // p-1, p, p+1
  return ORDER_EIGHT.some((known) => equalBytes(known, u));
}
