import { newRowId } from '../lib/ids.ts';
import { resolveDid } from '../did/resolve.ts';
import { addressDraft, type OutgoingPlaintext } from '../didcomm/address.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import { packAuthcrypt } from '../didcomm/pack.ts';
import type { Message } from '../didcomm/plaintext.ts';
import type { Draft } from '../didcomm/router.ts';
import type { ContactPayload, OutboxPayload } from '../storage/payloads.ts';
import type { OutboxRow } from '../storage/schema.ts';
import type { PackingWallet } from './wallet.ts';
import { agreementKeyOf } from './own-dids.ts';

/** A draft on its way to a contact. */
export interface Outgoing {
  readonly draft: Draft;
  /** Id on the wire; a fresh one unless told. */
  readonly id?: string;
  /** The message row whose state follows the envelope. */
  readonly messageRowId?: string;
  readonly inReplyTo?: Pick<Message, 'id' | 'thid'>;
}

export interface Correspondence {
  readonly lane: string;
  readonly payload: Pick<ContactPayload, 'myDid' | 'theirDid' | 'fromPrior' | 'kidForm'>;
  /** Present until the inviter answered: any message may turn out to be the first (rule R24). */
  readonly pthid?: string;
  /** The key of `myDid`, when it is not stored yet. */
  readonly sender?: OwnKey;
}

/**
 * Packs drafts for a contact and seals them as outbox rows, in order. Touches no table: the caller adds
 * the rows in the transaction that also holds their cause.
 */
export async function packForContact(
  wallet: PackingWallet,
  to: Correspondence,
  outgoing: readonly Outgoing[],
): Promise<OutboxRow[]> {
  if (outgoing.length === 0) return [];
  const sender = to.sender ?? (await agreementKeyOf(wallet, to.payload.myDid));
  return Promise.all(outgoing.map((item) => packOne(wallet, to, sender, item)));
}

async function packOne(
  wallet: PackingWallet,
  to: Correspondence,
  sender: OwnKey,
  item: Outgoing,
): Promise<OutboxRow> {
  const now = wallet.clock.now();
  const plaintext = addressDraft(item.draft, {
    from: to.payload.myDid,
    to: to.payload.theirDid,
    nowMs: now,
    ...(item.id === undefined ? {} : { id: item.id }),
    ...(item.inReplyTo ? { inReplyTo: item.inReplyTo } : {}),
    ...(to.pthid === undefined ? {} : { pthid: to.pthid }),
    ...(to.payload.fromPrior === undefined ? {} : { fromPrior: to.payload.fromPrior }),
  });
  const inner = await encryptFor(wallet, plaintext, sender, to.payload);
  const id = newRowId();
  const payload: OutboxPayload = {
    inner,
    theirDid: to.payload.theirDid,
    attempts: 0,
    ...(item.messageRowId === undefined ? {} : { messageRowId: item.messageRowId }),
  };
  return { id, lane: to.lane, nextAt: 0, x: await wallet.device.seal('outbox', id, payload) };
}

/** @throws Error when the contact's DID has no usable key: such a contact is never made. */
async function encryptFor(
  wallet: PackingWallet,
  plaintext: OutgoingPlaintext,
  sender: OwnKey,
  { theirDid, kidForm }: Correspondence['payload'],
): Promise<string> {
  const resolved = await resolveDid(theirDid);
  if (resolved.kind !== 'ok') throw new Error('a contact whose DID does not resolve');
  const recipient = resolved.document;
  const packed = await packAuthcrypt(wallet.engine, {
    plaintext,
    sender,
    recipient,
    kidForm,
  });
  if (packed.kind !== 'ok') throw new Error('a contact without a usable key');
  return packed.packed;
}
