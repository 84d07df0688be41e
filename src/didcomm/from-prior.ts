import { signEd25519 } from '../crypto/signature.ts';
import type { Did } from '../did/did.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import type { OwnKey } from './engine.ts';

// The JWT in `from_prior` (messaging spec, "DID Rotation").

export interface NewFromPrior {
  readonly iss: Did;
  /** Absent to end the relationship ("Ending a Relationship"); the message then has no `from`. */
  readonly sub?: Did;
  /** Time of the rotation, not of the message. */
  readonly iatSeconds: number;
  /** An authentication key of `iss`. */
  readonly signer: OwnKey;
}

/** @returns a compact JWS with the header that the specification prints */
export async function signFromPrior({
  iss,
  sub,
  iatSeconds,
  signer,
}: NewFromPrior): Promise<string> {
  const header = { typ: 'JWT', alg: 'EdDSA', crv: 'ED25519', kid: signer.kid };
  const encode = (part: object): string => toBase64Url(utf8(JSON.stringify(part)));
  const signed = `${encode(header)}.${encode({ iss, sub, iat: iatSeconds })}`;
  return `${signed}.${toBase64Url(await signEd25519(signer.privateKey, utf8(signed)))}`;
}
