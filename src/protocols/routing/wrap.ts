import { toSeconds } from '../../lib/clock.ts';
import { newMessageId } from '../../lib/ids.ts';
import type { DidDocument } from '../../did/did.ts';
import type { EnvelopeEngine } from '../../didcomm/engine.ts';
import { packAnoncrypt, type Packed } from '../../didcomm/pack.ts';
import { ENCRYPTED_TYP, PLAIN_TYP } from '../../didcomm/plaintext.ts';
import { Forward } from './messages.ts';

/** How long a mediator may keep what it is given. */
const KEEP_SECONDS = 30 * 24 * 3600;

/**
 * Puts a packed message into a forward, anonymously encrypted to the mediator (messaging spec, "Routing
 * Protocol 2.0"; rules I55, I56: data is a JSON object with a fresh id, and nothing names the sender).
 * @param innerJwe an encrypted message for `next`, as JSON text
 * @param nowMs milliseconds since the epoch
 */
export async function wrapInForward(forward: {
  readonly engine: Pick<EnvelopeEngine, 'anoncrypt'>;
  readonly innerJwe: string;
  /** DID, or the id of a key. */
  readonly next: string;
  readonly mediator: DidDocument;
  readonly nowMs: number;
}): Promise<Packed> {
  const { engine, innerJwe, next, mediator, nowMs } = forward;
  const plaintext = {
    id: newMessageId(),
    type: Forward.type,
    typ: PLAIN_TYP,
    to: [mediator.did],
    created_time: toSeconds(nowMs),
    expires_time: toSeconds(nowMs) + KEEP_SECONDS,
    body: { next },
    attachments: [
      {
        id: newMessageId(),
        media_type: ENCRYPTED_TYP,
        data: { json: JSON.parse(innerJwe) as unknown },
      },
    ],
  };
  return packAnoncrypt(engine, { plaintext, recipient: mediator });
}
