import * as v from 'valibot';
import { withoutNulls, type JsonObject } from '../lib/json.ts';
import { isSound } from './attachments.ts';
import type { GateReason } from './gate-reason.ts';
import { Plaintext } from './plaintext.ts';

/** Who may differ from the rules, and in what. */
export interface Exemptions {
  /**
   * A mediator's exemptions. R5: senders address forwards to it by names that are not ours to know. R31: it
   * tells them by name what is wrong with what they attach.
   */
  readonly asMediator?: true;
  /**
   * What the mediator of our own choice says may lack `from` (rule I20, instead of R3), be this long, and
   * have any number of attachments (rule I25, instead of the caps).
   */
  readonly ownMediator?: { readonly maxLength: number };
}

export interface Quarantined {
  readonly kind: 'quarantine';
  readonly reason: GateReason;
}
export const quarantine = (reason: GateReason): Quarantined => ({ kind: 'quarantine', reason });

const MAX_ATTACHMENTS = 20;
/**
 * R21: unreserved characters (RFC 3986 section 2.3), and `:` for the `urn:uuid:` of some mediators. The
 * specification's 32 bytes would exclude the UUIDs that it recommends.
 */
const MESSAGE_ID = /^[A-Za-z0-9._~:-]{1,256}$/;
const USUAL_ID_LENGTH = 64;
export const isLongId = (id: string): boolean => id.length > USUAL_ID_LENGTH;
/** Threads are named by ids of messages, and by peers who choose as they like. */
const MAX_THREAD_LENGTH = 256;

/** R21, R31 and the caps on what an envelope held; headers that are null count as absent. */
export async function readPlaintext(
  claimed: JsonObject,
  { ownMediator, asMediator }: Exemptions,
): Promise<{ readonly kind: 'ok'; readonly plaintext: Plaintext } | Quarantined> {
  const { id, attachments } = claimed;
  if (typeof id !== 'string' || !MESSAGE_ID.test(id)) return quarantine('id');
  if (!ownMediator && Array.isArray(attachments) && attachments.length > MAX_ATTACHMENTS)
    return quarantine('attachments');
  const present = withoutNulls(claimed);
  let plaintext = v.safeParse(Plaintext, present);
  if (!plaintext.success && ownMediator && Array.isArray(attachments)) {
    const { soundItems } = await import('./sound-items.ts');
    plaintext = v.safeParse(Plaintext, { ...present, attachments: soundItems(attachments) });
  }
  if (!plaintext.success) return quarantine('malformed');
  const { thid = '', pthid = '', attachments: attached = [] } = plaintext.output;
  if (Math.max(thid.length, pthid.length) > MAX_THREAD_LENGTH) return quarantine('id');
  // One bad item must not keep the whole delivery of a mailbox from being read.
  if (!ownMediator && !asMediator && !attached.every(isSound)) return quarantine('attachment');
  return { kind: 'ok', plaintext: plaintext.output };
}
