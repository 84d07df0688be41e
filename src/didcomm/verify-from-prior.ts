import { signingCurve } from '../crypto/signature.ts';
import { didOf, isDid, type Did, type ResolveDid } from '../did/did.ts';
import { utf8 } from '../lib/bytes.ts';
import { SKEW_SECONDS } from '../lib/clock.ts';
import { checkHeaders, isKeyId, readBytes, readProtected } from './jose-header.ts';
import { verifyByDid } from './jws.ts';

// The JWT in `from_prior`, as received (messaging spec, "DID Rotation").

/** What a prior DID said about its successor; signed by it. */
export interface FromPrior {
  readonly iss: Did;
  /** The new DID; absent when the relationship ends. */
  readonly sub?: Did;
  readonly iatSeconds: number;
  readonly expSeconds?: number;
  readonly nbfSeconds?: number;
}

export type FromPriorVerdict =
  | { readonly kind: 'ok'; readonly fromPrior: FromPrior }
  /** `did`: the prior DID does not resolve; `fp-kid`: no key of it made this (R14); `fp-time`: no `iat`. */
  | { readonly kind: 'refused'; readonly reason: 'did' | 'fp-kid' | 'fp-sub' | 'fp-time' };

/** Verifies that an authentication key of `iss` signed the JWT (R14). Whether it fits the message is not asked. */
export async function verifyFromPrior(jwt: string, resolve: ResolveDid): Promise<FromPriorVerdict> {
  const [head, body, tail, ...rest] = jwt.split('.');
  const header = readProtected(head);
  const payload = readProtected(body);
  const signature = readBytes(tail);
  if (header.kind !== 'ok' || payload.kind !== 'ok' || !signature || rest.length > 0)
    return { kind: 'refused', reason: 'fp-kid' };
  const { typ, alg, crv, kid } = header.header;
  const { iss, sub, iat, exp, nbf } = payload.header;
  const curve = signingCurve(alg);
  const isOurKind =
    (typ === undefined || isText(typ, 'jwt')) &&
    (crv === undefined || isText(crv, curve?.toLowerCase())) &&
    checkHeaders(header.header) === undefined;
  if (!curve || !isOurKind || !isKeyId(kid) || !isDid(iss) || didOf(kid) !== iss)
    return { kind: 'refused', reason: 'fp-kid' };

  const data = utf8(`${header.text}.${payload.text}`);
  const verdict = await verifyByDid({ kid, curve, signature, data }, resolve);
  if (verdict !== 'ok') return { kind: 'refused', reason: verdict === 'did' ? 'did' : 'fp-kid' };

  if (sub !== undefined && !isDid(sub)) return { kind: 'refused', reason: 'fp-sub' };
  if (!isTime(iat) || !isOptionalTime(exp) || !isOptionalTime(nbf))
    return { kind: 'refused', reason: 'fp-time' };
  return {
    kind: 'ok',
    fromPrior: {
      iss,
      iatSeconds: Math.floor(iat),
      ...(sub === undefined ? {} : { sub }),
      ...(exp === undefined ? {} : { expSeconds: exp }),
      ...(nbf === undefined ? {} : { nbfSeconds: nbf }),
    },
  };
}

/** R17: not expired, already valid, and not from the future. */
export function isTimely(fromPrior: FromPrior, nowSeconds: number): boolean {
  const { iatSeconds, expSeconds = Infinity, nbfSeconds = 0 } = fromPrior;
  const latest = nowSeconds + SKEW_SECONDS;
  return iatSeconds <= latest && nbfSeconds <= latest && expSeconds > nowSeconds;
}

const isText = (value: unknown, lower: string | undefined): boolean =>
  typeof value === 'string' && value.toLowerCase() === lower;
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const isOptionalTime = (value: unknown): value is number | undefined =>
  value === undefined || isTime(value);
