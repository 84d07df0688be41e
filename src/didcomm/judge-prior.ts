import type { Did, ResolveDid } from '../did/did.ts';
import { inProvedForm } from '../did/same-did.ts';
import { toSeconds } from '../lib/clock.ts';
import type { Proof } from './proof.ts';
import { quarantine, type Quarantined } from './read-plaintext.ts';
import { isTimely, verifyFromPrior } from './verify-from-prior.ts';

/** A DID whose own key signed that it is left, and when. */
export interface PriorDid {
  readonly priorDid: Did;
  readonly issuedAtSeconds: number;
}

/** Whether the owner of a DID is known to have left another for it. */
export type IsKnownMove = (left: Did, now: Did) => Promise<boolean>;

/** R14, R15, R17 and the recognition of R20. */
export async function judgePrior(
  jwt: string,
  proof: Proof,
  from: string | undefined,
  resolve: ResolveDid,
  now: number,
  isKnownMove?: IsKnownMove,
): Promise<
  | { readonly kind: 'rotation' | 'ending'; readonly prior: PriorDid }
  /** Said again, after its time: senders repeat it until they are answered. */
  | { readonly kind: 'known' }
  | Quarantined
> {
  const { encryption, sender } = proof;
  if (encryption === 'none') return quarantine('fp-kid');
  const verdict = await verifyFromPrior(jwt, resolve);
  if (verdict.kind === 'refused') return quarantine(verdict.reason);
  const { iss, sub, iatSeconds } = verdict.fromPrior;
  const isEnding = sub === undefined && from === undefined;
  const isSubTheSender = (await inProvedForm(sub, sender)) === sender;
  if (!isEnding && encryption === 'authcrypt' && from === undefined) return quarantine('no-from'); // R3
  // "The message MUST be encrypted … with the new DID": only authcrypt proves that. Who ends has none, and
  // need not say who encrypts.
  const isTheirs = isEnding
    ? sender === undefined || sender === iss
    : encryption === 'authcrypt' && isSubTheSender && sub !== iss;
  if (!isTheirs) return quarantine('fp-sub');
  if (!isTimely(verdict.fromPrior, toSeconds(now)))
    return sender && (await isKnownMove?.(iss, sender)) ? { kind: 'known' } : quarantine('fp-time');
  return {
    kind: isEnding ? 'ending' : 'rotation',
    prior: { priorDid: iss, issuedAtSeconds: iatSeconds },
  };
}
