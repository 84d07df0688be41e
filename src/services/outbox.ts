import { newRowId } from '../lib/ids.ts';
import type { DidDocument } from '../did/did.ts';
import { addressDraft } from '../didcomm/address.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import { packAuthcrypt } from '../didcomm/pack.ts';
import type { Message } from '../didcomm/plaintext.ts';
import type { Draft } from '../didcomm/router.ts';
import type { ContactPayload, OutboxPayload } from '../storage/payloads.ts';
import type { OutboxRow } from '../storage/schema.ts';
import { documentOf } from './contact-document.ts';
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
  readonly payload: Pick<
    ContactPayload,
    'myDid' | 'theirDid' | 'theirDocument' | 'fromPrior' | 'kidForm'
  >;
  /** Present until the inviter answered: any message may turn out to be the first (rule R24). */
  readonly pthid?: string;
  /** The key of `myDid`, when it is not stored yet. */
  readonly sender?: OwnKey;
}

/**
 * Packs drafts for a contact and seals them as outbox rows, in order. Touches no table: the caller adds
 * the rows in the transaction that also holds their cause.
 * @throws Error for a contact without a key that fits ours: such a contact is never made
 */
export async function packForContact(
  wallet: PackingWallet,
  to: Correspondence,
  outgoing: readonly Outgoing[],
): Promise<OutboxRow[]> {
  if (outgoing.length === 0) return [];
  const recipient = await documentOf(to.payload);
  const sender = to.sender ?? (await agreementKeyOf(wallet, to.payload.myDid, recipient));
  return Promise.all(outgoing.map((item) => packOne(wallet, to, sender, recipient, item)));
}

async function packOne(
  wallet: PackingWallet,
  to: Correspondence,
  sender: OwnKey,
  recipient: DidDocument,
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
  const packed = await packAuthcrypt(wallet.engine, {
    plaintext,
    sender,
    recipient,
    kidForm: to.payload.kidForm,
  });
  if (packed.kind !== 'ok') throw new Error('a contact without a usable key');
  const id = newRowId();
  const payload: OutboxPayload = {
    inner: packed.packed,
    theirDid: to.payload.theirDid,
    attempts: 0,
    ...(item.messageRowId === undefined ? {} : { messageRowId: item.messageRowId }),
  };
  return { id, lane: to.lane, nextAt: 0, x: await wallet.device.seal('outbox', id, payload) };
}
