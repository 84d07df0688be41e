import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { encodeKey, type KeyCurve } from '../crypto/multicodec.ts';
import { generateSigningKeys } from '../crypto/keys.ts';
import { signEd25519 } from '../crypto/signature.ts';
import type { Did, KeyId } from '../did/did.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8, type Bytes } from '../lib/bytes.ts';

/** Somebody with a did:key who signs with one of the three algorithms of the specification. */
export interface Signer {
  readonly alg: 'EdDSA' | 'ES256' | 'ES256K';
  readonly crv: KeyCurve;
  readonly did: Did;
  readonly kid: KeyId;
  readonly sign: (data: Bytes) => Promise<Bytes>;
}

export async function newSigner(alg: Signer['alg']): Promise<Signer> {
  if (alg === 'EdDSA') {
    const { publicBytes, privateKey } = await generateSigningKeys();
    return signer(alg, 'Ed25519', publicBytes, (data) => signEd25519(privateKey, data));
  }
  const curve = alg === 'ES256' ? p256 : secp256k1;
  const { secretKey, publicKey } = curve.keygen();
  const crv = alg === 'ES256' ? 'P-256' : 'secp256k1';
  return signer(alg, crv, publicKey, async (data) => Uint8Array.from(curve.sign(data, secretKey)));
}

function signer(
  alg: Signer['alg'],
  crv: KeyCurve,
  publicBytes: Uint8Array,
  sign: Signer['sign'],
): Signer {
  const multibase = encodeKey(crv, Uint8Array.from(publicBytes));
  const did: Did = `did:key:${multibase}`;
  return { alg, crv, did, kid: `${did}#${multibase}`, sign };
}

/** The parts of a JWS over `payload`, which is base64url; the kid stands in the header named. */
export async function jwsEntry(
  { alg, kid, sign }: Signer,
  payload: string,
  kidIn: 'protected' | 'header' = 'header',
) {
  const header = { alg, ...(kidIn === 'protected' ? { kid } : {}) };
  const protectedB64u = toBase64Url(utf8(JSON.stringify(header)));
  const signature = toBase64Url(await sign(utf8(`${protectedB64u}.${payload}`)));
  return {
    protected: protectedB64u,
    signature,
    ...(kidIn === 'header' ? { header: { kid } } : {}),
  };
}
