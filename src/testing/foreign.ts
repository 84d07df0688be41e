import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { packAuthcrypt } from '../didcomm/pack.ts';
import { PLAIN_TYP } from '../didcomm/plaintext.ts';
import { storeArrivals } from '../services/arrivals.ts';
import { contactById, type Contact } from '../services/contacts.ts';
import { processInbox } from '../services/inbox.ts';
import { createInvitation } from '../services/codes.ts';
import { reportBudget } from '../services/report-budget.ts';
import type { Wallet } from '../services/wallet.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import { newMessageId } from '../lib/ids.ts';
import { InvitationPayload, openRow, OutboxPayload } from '../storage/payloads.ts';
import { openEnvelope, type Inbound } from '../didcomm/trust-gate.ts';
import type { Json } from './forge.ts';
import { newPeer, type Peer } from './peer.ts';
import { documentOf } from './peer-did.ts';
import type { TestWallet } from './wallets.ts';

// Another wallet whose every word a test writes itself.

export const TEXT = 'https://didcomm.org/basicmessage/2.0/message';
export const PROFILE = 'https://didcomm.org/user-profile/1.0/profile';
export const RECEIPTS = 'https://didcomm.org/receipts/1.0/message-receipts';
export const PING = 'https://didcomm.org/trust-ping/2.0/ping';

/** An honest plaintext; `more` adds headers, or takes one away by undefined. */
export const plaintext = (
  from: Pick<Peer, 'did'>,
  to: Did,
  type: string,
  body: Json,
  more: Json = {},
): Json =>
  JSON.parse(
    JSON.stringify({
      id: newMessageId(),
      type,
      typ: PLAIN_TYP,
      from: from.did,
      to: [to],
      created_time: Math.floor(Date.now() / 1000),
      body,
      ...more,
    }),
  ) as Json;

/** Packs what it is given, by `from` for `to`. */
export async function seal(from: Peer, to: Did, content: Json): Promise<string> {
  const packed = await packAuthcrypt(nativeEngine, {
    plaintext: content,
    sender: from.agreement,
    recipient: await documentOf(to),
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return packed.packed;
}

/** An honest envelope. */
export const letter = (
  from: Peer,
  to: Did,
  type: string,
  body: Json,
  more: Json = {},
): Promise<string> => seal(from, to, plaintext(from, to, type, body, more));

export const textLetter = (
  from: Peer,
  to: Did,
  content: string,
  more: Json = {},
): Promise<string> => letter(from, to, TEXT, { content }, more);

/** Puts envelopes into the inbox as a delivery would, and opens it. @returns how many new texts there are */
export async function deliver(
  { wallet }: Pick<TestWallet, 'wallet'>,
  ...packed: readonly string[]
): Promise<number> {
  await storeArrivals(wallet, asAttachments(packed));
  return processInbox(wallet, reportBudget(wallet.clock));
}

export const asAttachments = (packed: readonly string[]) =>
  packed.map((text) => ({ id: newMessageId(), data: { base64: toBase64Url(utf8(text)) } }));

export interface OpenInvitation {
  readonly rowId: string;
  readonly oobId: string;
  readonly did: Did;
  readonly url: string;
}

/** The wallet must have its mailbox. The invitation goes live when the engine next runs. */
export async function openInvitation(
  { wallet }: Pick<TestWallet, 'wallet'>,
  origin: string,
  autoAccept: boolean,
): Promise<OpenInvitation> {
  const made = await createInvitation(wallet, { origin, autoAccept });
  if (made.kind !== 'ok') throw new Error(made.kind);
  const row = await wallet.db.invitations.get(made.id);
  const payload = row && (await openRow(wallet.vault, InvitationPayload, 'invitations', row));
  if (!payload) throw new Error('no invitation');
  return { rowId: made.id, oobId: payload.oobId, did: payload.myDid, url: payload.url };
}

/** Answers a fresh invitation of the wallet as `peer`, and is let in. @returns the contact's row id */
export async function befriend(alice: TestWallet, origin: string, peer: Peer): Promise<string> {
  const invitation = await openInvitation(alice, origin, true);
  const answer = await letter(
    peer,
    invitation.did,
    PROFILE,
    { profile: { displayName: 'Bob' } },
    { pthid: invitation.oobId },
  );
  await deliver(alice, answer);
  const row = await alice.wallet.db.invitations.get(invitation.rowId);
  if (row?.contactId === undefined) throw new Error('the answer made no contact');
  return row.contactId;
}

export async function contactOf(wallet: Wallet, contactId: string): Promise<Contact> {
  const contact = await contactById(wallet, contactId);
  if (!contact) throw new Error('no such contact');
  return contact;
}

/** The wallet's DID as forgers see it: its public keys, and private keys that are not its own. */
export async function publicFace(did: Did): Promise<Peer> {
  const other = await newPeer();
  const { keyAgreement, authentication } = await documentOf(did);
  const [agreement, signing] = [keyAgreement[0], authentication[0]];
  const resolution = await resolveDid(did);
  if (!agreement || !signing || resolution.kind !== 'ok') throw new Error('a DID without keys');
  return {
    ...other,
    did,
    document: resolution.document,
    agreement: { ...other.agreement, kid: agreement.kid, publicBytes: agreement.publicBytes },
    signing: { ...other.signing, kid: signing.kid, publicBytes: signing.publicBytes },
  };
}

/** Everything that a message could change, for comparing before and after. */
export async function relationsOf({ db }: Wallet): Promise<object> {
  const tables = [
    db.contacts,
    db.keys,
    db.messages,
    db.receipts,
    db.outbox,
    db.jobs,
    db.invitations,
    db.mediators,
    db.profile,
    db.drafts,
    db.intents,
  ];
  const rows = await Promise.all(tables.map((table) => table.toArray()));
  return Object.fromEntries(tables.map(({ name }, i) => [name, rows[i]]));
}

/** Why envelopes rest in quarantine, oldest first. */
export const quarantineReasons = async ({ db }: Wallet): Promise<string[]> =>
  (await db.quarantine.orderBy(':id').toArray()).map(({ reason }) => reason);

/** What waits in the wallet's outbox for this peer, oldest first, as the peer will read it. */
export async function queuedFor(wallet: Wallet, peer: Peer): Promise<Inbound[]> {
  const rows = await wallet.db.outbox.orderBy(':id').toArray();
  const queued = await Promise.all(
    rows.map(async (row) => {
      const payload = await openRow(wallet.device, OutboxPayload, 'outbox', row);
      if (payload?.theirDid !== peer.did) return [];
      const opened = await openEnvelope(payload.inner, {
        engine: nativeEngine,
        secrets: peer.secrets,
        resolve: resolveDid,
        now: Date.now(),
      });
      if (opened.kind !== 'ok') throw new Error(`the peer cannot read it: ${opened.kind}`);
      return [opened.inbound];
    }),
  );
  return queued.flat();
}
