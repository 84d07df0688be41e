import type {
  ContactRow,
  ContactRowState,
  DedupeRow,
  InboxRow,
  JobRow,
  KeyRow,
  MessageRow,
  OutboxRow,
  ParleyDb,
  ReceiptRow,
} from '../storage/schema.ts';
import { appendMessage } from './chat.ts';
import type { Wallet } from './wallet.ts';

/** Everything that one inbound message changes, sealed and ready; written whole or not at all. */
export interface Effects {
  readonly inbox: InboxRow;
  readonly dedupe: DedupeRow;
  readonly contact: ContactRow;
  /** `rev` of the contact that the effects were worked out from; undefined for a new contact. */
  readonly basedOnRev: number | undefined;
  readonly messages: readonly Omit<MessageRow, 's'>[];
  /** Blinded ids of own messages that the contact has. */
  readonly deliveredHashes: readonly string[];
  /** Own messages that the contact could not make sense of. */
  readonly reported: readonly MessageRow[];
  readonly receipts: readonly ReceiptRow[];
  readonly outbox: readonly OutboxRow[];
  /** New texts bring no notice. */
  readonly silent: boolean;
  readonly keys: readonly KeyRow[];
  readonly jobs: readonly JobRow[];
  /** What it does to the invitation that it answers. */
  readonly answers?: Answered;
}

/**
 * Inside the transaction of the effects.
 * @returns false when the invitation changed meanwhile and lets nobody in
 */
export type Answered = (db: ParleyDb, contactId: string) => Promise<boolean>;

export type Committed =
  | { readonly kind: 'written'; readonly newTexts: number }
  /** The contact or the invitation changed meanwhile: work the effects out again. */
  | { readonly kind: 'stale' };

/**
 * [Note: One transaction per message] The effects of a message, its replies, its dedupe mark and the
 * removal of its envelope are one transaction, so that a crash leaves either the envelope or all of it.
 */
export async function commitEffects(wallet: Wallet, effects: Effects): Promise<Committed> {
  const { db } = wallet;
  const tables = [
    db.inbox,
    db.dedupe,
    db.contacts,
    db.messages,
    db.receipts,
    db.outbox,
    db.keys,
    db.jobs,
    db.invitations,
    db.linkJobs,
    db.drafts,
  ];
  return db.transaction('rw', tables, async () => {
    if ((await db.contacts.get(effects.contact.id))?.rev !== effects.basedOnRev) return STALE;
    const { id, hTheirDid } = effects.contact;
    const holder = await db.contacts.get({ hTheirDid });
    if (holder && holder.id !== id) return STALE;
    if (effects.answers && !(await effects.answers(db, id))) return STALE;
    await db.contacts.put(effects.contact);
    await db.dedupe.put(effects.dedupe);
    const why = OVER[effects.contact.state];
    if (why !== undefined) await sendNoMore(db, id, why);
    let newTexts = 0;
    for (const message of effects.messages) if (await appendMessage(wallet, message)) newTexts += 1;
    for (const hMid of effects.deliveredHashes)
      await db.messages
        .where('[c+hMid]')
        .equals([id, hMid])
        .filter(({ st }) => st === 'waiting' || st === 'sent' || st === 'failed')
        .modify((row) => {
          row.st = 'delivered';
          delete row.why;
        });
    // Never `put`: what was deleted meanwhile must stay so.
    for (const { id: messageId, x } of effects.reported)
      await db.messages.update(messageId, { x, st: 'failed', why: 'reported' });
    await db.keys.bulkAdd([...effects.keys]);
    await db.jobs.bulkAdd([...effects.jobs]);
    await db.receipts.bulkAdd([...effects.receipts]);
    await db.outbox.bulkAdd([...effects.outbox]);
    if (effects.inbox.seq !== undefined) await db.inbox.delete(effects.inbox.seq);
    return { kind: 'written', newTexts: effects.silent ? 0 : newTexts };
  });
}

/** They ended it (rule R20), or never let us in: what still waits to leave would find nobody. */
const OVER: Readonly<Partial<Record<ContactRowState, string>>> = { left: 'ended', void: 'void' };

/** Inside a transaction over outbox, receipts, drafts and messages. @param why messages fail */
export async function sendNoMore(db: ParleyDb, contactId: string, why: string): Promise<void> {
  await db.outbox.where('lane').equals(contactId).delete();
  await db.receipts.where('c').equals(contactId).delete();
  await db.drafts.delete(contactId);
  await db.messages
    .where('[c+st]')
    // Who never let us in has read nothing of what their mailbox took.
    .anyOf([
      [contactId, 'waiting'],
      [contactId, why === 'void' ? 'sent' : 'waiting'],
    ])
    .modify({ st: 'failed', why });
}

const STALE: Committed = { kind: 'stale' };
