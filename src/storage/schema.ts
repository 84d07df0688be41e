import { Dexie, type EntityTable, type Table } from 'dexie';
import type { Bytes } from '../lib/bytes.ts';
import type { WalletKeysRecord } from './wallet-keys.ts';

// Rows as they lie on disk. `x` is the sealed payload (see payloads.ts for what is in it); every other
// member is readable without a key, and so holds only counts, order and delivery state, random ids, and
// blinded hashes of what must be found by equality.

export interface MetaRow {
  readonly id: string;
  readonly value: WalletKeysRecord;
}

/** Domain: vault. One row, id "me". */
export interface ProfileRow {
  readonly id: string;
  readonly x: Bytes;
}

/**
 * Domain: device. One row per mediator: `ready` once it granted a routing DID, `leaving` while mail may still
 * come to it after another one is in use.
 */
export interface MediatorRow {
  readonly id: string;
  readonly state: 'requested' | 'ready' | 'leaving';
  readonly x: Bytes;
}

/** Domain: inbox key. Arrivals committed before they are acknowledged. */
export interface InboxRow {
  readonly seq?: number;
  readonly id: string;
  readonly tries: number;
  readonly x: Bytes;
}

/** Transport dedupe: a keyed hash of an envelope that was stored once. */
export interface Seen0Row {
  readonly id: string;
  readonly exp: number;
}

/** Domain: device. Packed envelopes that wait to leave, first in first out within a lane (a contact). */
export interface OutboxRow {
  readonly seq?: number;
  readonly id: string;
  readonly lane: string;
  nextAt: number;
  readonly x: Bytes;
}

/** Domain: device. A DID to announce to, or withdraw from, the mediator's keylist. */
export interface JobRow {
  readonly seq?: number;
  readonly id: string;
  /** The contact or invitation that cannot go on before the job is done. */
  readonly lane: string;
  nextAt: number;
  readonly x: Bytes;
}

/**
 * `connecting`: we accepted, no answer yet; `void`: their code let nobody in any more. `asking`: they answered,
 * we have not accepted. Ended by us: `ending` until the ending left, then `ended`, or `untold` when their mailbox
 * did not take it. `left`: they ended it.
 */
export type ContactRowState =
  'connecting' | 'void' | 'asking' | 'connected' | 'ending' | 'ended' | 'untold' | 'left';

/** Domain: vault. `rev` grows with every change, so that a writer can tell whether what it read still holds. */
export interface ContactRow {
  readonly id: string;
  state: ContactRowState;
  rev: number;
  readonly hTheirDid: string;
  readonly hMyDid: readonly string[];
  readonly hPriorDid: readonly string[];
  /** The short link that led to them, blinded. */
  readonly hLink?: string;
  readonly x: Bytes;
}

/** Domain: vault. A private key, wrapped; found by the blinded kid. */
export interface KeyRow {
  readonly hKid: string;
  readonly wrapped: Bytes;
}

export type MessageRowState = 'unread' | 'read' | 'waiting' | 'sent' | 'delivered' | 'failed';

/** Domain: vault. `c` is the contact's row id, `s` the message's place in its chat, from 1. */
export interface MessageRow {
  readonly id: string;
  readonly c: string;
  readonly s: number;
  st: MessageRowState;
  /** Why it failed, of failed ones only. */
  why?: string;
  readonly hMid: string;
  readonly x: Bytes;
}

/** Domain: vault. A text that arrived and is still to be confirmed to its sender; `c` as in messages. */
export interface ReceiptRow {
  readonly seq?: number;
  readonly id: string;
  readonly c: string;
  readonly x: Bytes;
}

/** A message of this sender was handled: blinded hash of (sender DID, id). */
export interface DedupeRow {
  readonly h: string;
  readonly exp: number;
}

/** Domain: vault. */
export interface QuarantineRow {
  readonly id?: number;
  readonly at: number;
  readonly reason: string;
  /** UTF-8 bytes of the envelope. */
  readonly size: number;
  /** Of all that was ever set aside, this one included. */
  readonly sizeSoFar: number;
  readonly rowId: string;
  readonly x: Bytes;
}

/** Domain: device. Short links to put at the mailbox's server, or to remove from it, in order. */
export interface LinkJobRow {
  readonly seq?: number;
  readonly id: string;
  /** Row id of the invitation. */
  readonly invitation: string;
  nextAt: number;
  readonly x: Bytes;
}

/** `preparing` until the mailbox knows the DID; `answered` of single codes only. */
export type InvitationRowState = 'preparing' | 'live' | 'answered' | 'revoked';

/**
 * For one person, or for whoever has the code. A spare is registered ahead of need, for a code that is made
 * without a network.
 */
export type InvitationUse = 'single' | 'shared' | 'spare';

/** How far its short link is: asked for, still to come (the long one is shown), there, or refused. */
export type ShortLinkState = 'asked' | 'late' | 'ready' | 'refused';

/** Domain: vault. */
export interface InvitationRow {
  readonly id: string;
  state: InvitationRowState;
  readonly use: InvitationUse;
  link?: ShortLinkState;
  /** When it was made, so that the newest can be told; of a spare, when it was registered. */
  readonly madeAt: number;
  /** It was copied or shared: the next visit shows another one. */
  readonly handedOut?: boolean;
  /** How many people answered a shared one. */
  readonly answers?: number;
  /** How many who came too late were told so. */
  readonly told?: number;
  readonly autoAccept: boolean;
  /** 0 for a spare: it lets nobody in. */
  readonly expiresAt: number;
  readonly hMyDid: string;
  /** The invitation's own id on the wire, blinded. */
  readonly hOobId: string;
  /** Its short link, blinded. */
  readonly hLink?: string;
  /** Row id of the contact that answered. */
  readonly contactId?: string;
  readonly x: Bytes;
}

/**
 * Domain: vault. Something the person opened and has not decided on; or, `contact`, somebody whom the person
 * wants to write to and whose document is to be fetched: of that one `id` is the contact's, and it is not due
 * before `at`.
 */
export interface IntentRow {
  readonly id: string;
  readonly at: number;
  readonly state: 'open' | 'arrived' | 'contact';
  /** Its content lies elsewhere: to be fetched by the service worker, fetched by it, or of no use, and said so. */
  readonly fetch?: 'asked' | 'done' | 'refused';
  readonly x: Bytes;
}

/** Domain: vault. Id = contact row id. */
export interface DraftRow {
  readonly id: string;
  readonly x: Bytes;
}

/** Non-secrets only. */
export interface SettingRow {
  readonly id: string;
  readonly value: string | number | boolean;
}

export const DATABASE_NAME = 'parley';

/** The wallet's database. Migrations are `version(n)` blocks, never edited once released. */
export class ParleyDb extends Dexie {
  declare meta: EntityTable<MetaRow, 'id'>;
  declare profile: EntityTable<ProfileRow, 'id'>;
  declare mediators: EntityTable<MediatorRow, 'id'>;
  declare inbox: Table<InboxRow, number>;
  declare seen0: EntityTable<Seen0Row, 'id'>;
  declare outbox: Table<OutboxRow, number>;
  declare jobs: Table<JobRow, number>;
  declare contacts: EntityTable<ContactRow, 'id'>;
  declare keys: EntityTable<KeyRow, 'hKid'>;
  declare messages: EntityTable<MessageRow, 'id'>;
  declare receipts: Table<ReceiptRow, number>;
  declare dedupe: EntityTable<DedupeRow, 'h'>;
  declare quarantine: Table<QuarantineRow, number>;
  declare linkJobs: Table<LinkJobRow, number>;
  declare invitations: EntityTable<InvitationRow, 'id'>;
  declare intents: EntityTable<IntentRow, 'id'>;
  declare drafts: EntityTable<DraftRow, 'id'>;
  declare settings: EntityTable<SettingRow, 'id'>;

  constructor(name: string = DATABASE_NAME) {
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({
      meta: 'id',
      profile: 'id',
      mediators: 'id,state',
      inbox: '++seq,&id',
      seen0: 'id,exp',
      outbox: '++seq,&id,lane,nextAt',
      jobs: '++seq,&id,lane,nextAt',
      contacts: 'id,state,&hTheirDid,*hMyDid,*hPriorDid,hLink',
      keys: 'hKid',
      messages: 'id,&[c+s],&[c+hMid],[c+st],st',
      receipts: '++seq,c',
      dedupe: 'h,exp',
      quarantine: '++id',
      linkJobs: '++seq,&id,invitation,nextAt',
      invitations: 'id,state,use,&hMyDid,hOobId,hLink',
      intents: 'id,state,fetch',
      drafts: 'id',
      settings: 'id',
    });
  }
}
