import { newRowId } from '../lib/ids.ts';
import { codeIn } from '../protocols/out-of-band/find.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import { documentOf, documentWanted, isDidWeb } from './contact-document.ts';
import { changeContact } from './change-contact.ts';
import { blindDid, contactById, sealContact, type Contact } from './contacts.ts';
import { greeting } from './greeting.ts';
import { firstWords, handshakeFor, invitedBy, responseTo } from './handshake.ts';
import {
  intentText,
  readIntent,
  readInvitationCode,
  storeIntent,
  type CodeRefusal,
} from './intents.ts';
import { invitationName } from './invitation-name.ts';
import { recipientJob } from './jobs.ts';
import { readyMediator } from './mediators.ts';
import { myName } from './my-name.ts';
import { packForContact } from './outbox.ts';
import { mintDid } from './mint-did.ts';
import { keyHashesOf } from './own-keys.ts';
import { newAddress, type NewAddress } from './rotation.ts';
import type { OpenWallet, PackingWallet } from './wallet.ts';

export type AcceptIntentOutcome =
  | { readonly kind: 'accepted'; readonly contactId: string }
  | { readonly kind: 'no-mailbox' }
  | CodeRefusal;

/**
 * Accepts somebody's invitation: contact, keys, the mailbox job and the first messages in one
 * transaction. Nothing is sent before it is on disk; with no network it all leaves later. Who is a did:web is
 * met by the service worker (`meet.ts`), as soon as it can fetch the document.
 */
export async function acceptIntent(
  wallet: PackingWallet,
  intentId: string,
): Promise<AcceptIntentOutcome> {
  const reading = await readIntent(wallet, intentId);
  if (reading.kind === 'gone') return { kind: 'not-an-invitation' };
  // Nothing to accept before its content is here.
  if (reading.kind === 'elsewhere' || reading.kind === 'opening') return { kind: 'no-answer' };
  if (reading.kind === 'offers-mailbox') return { kind: 'mailbox' };
  if (reading.kind !== 'ok') return reading;
  const mediator = await readyMediator(wallet);
  if (!mediator) return { kind: 'no-mailbox' };
  const { invitation } = reading;
  const theirDid = invitation.from;
  const contactId = newRowId();
  // Of a did:web nothing is known before its document was fetched, also with which key to write to it.
  const document = isDidWeb(theirDid) ? undefined : await documentOf({ theirDid });
  const minted = await mintDid(wallet.vault, mediator.routingDid, document);
  const payload: ContactPayload = {
    claimedName: invitationName(invitation),
    petname: '',
    myDid: minted.did,
    myPriorDids: [],
    theirDid,
    theirPriorDids: [],
    role: 'invitee',
    invitationId: invitation.id,
    ...(reading.linkId === undefined ? {} : { linkId: reading.linkId }),
    madeAt: wallet.clock.now(),
    wantsReceived: false,
    ...(document
      ? await handshakeFor(invitation)
      : {
          invited: invitedBy(invitation),
          unmet: { text: (await intentText(wallet, intentId)) ?? '' },
        }),
  };
  const contact = await sealContact(wallet.vault, contactId, 'connecting', payload, 1);
  const job = await recipientJob(wallet, contactId, 'add', minted.did);
  const wanted = await documentWanted(wallet, contactId);
  const to = { lane: contactId, payload, pthid: invitation.id, sender: minted.agreement };
  const words = document ? firstWords(payload, await myName(wallet)) : [];
  const outbox = await packForContact(wallet, to, words);
  const { db } = wallet;
  const tables = [db.contacts, db.keys, db.jobs, db.outbox, db.intents];
  const existing = await db.transaction('rw', tables, async () => {
    // Two taps, or two tabs: the second finds the contact that the first made.
    const twin = await db.contacts.where('hTheirDid').equals(contact.hTheirDid).first();
    await db.intents.delete(intentId);
    if (twin) return twin.id;
    await db.contacts.add(contact);
    if (document) {
      await db.keys.bulkAdd([...minted.keyRows]);
      await db.jobs.add(job);
      await db.outbox.bulkAdd(outbox);
    } else await db.intents.add(wanted);
    return undefined;
  });
  return { kind: 'accepted', contactId: existing ?? contactId };
}

export async function declineIntent(
  { db }: Pick<OpenWallet, 'db'>,
  intentId: string,
): Promise<void> {
  await db.intents.delete(intentId);
}

/** Reads a code and, when it is or leads to an invitation, keeps it as an intent to preview. */
export async function openCode(
  wallet: PackingWallet,
  text: string,
  ownOrigin: string,
): Promise<{ readonly kind: 'preview'; readonly intentId: string } | CodeRefusal> {
  const code = codeIn(text, wallet.clock.now());
  const reading = await readInvitationCode(wallet, code);
  if (reading.kind !== 'ok' && reading.kind !== 'elsewhere') return reading;
  return { kind: 'preview', intentId: await storeIntent(wallet, code, 'open', ownOrigin) };
}

/** The inviter lets in somebody who answered: only now do they hear from us. */
export async function acceptRequest(wallet: PackingWallet, contactId: string): Promise<boolean> {
  const contact = await contactById(wallet, contactId);
  const mediator = await readyMediator(wallet);
  if (contact?.row.state !== 'asking' || !mediator) return false;
  const { toAnswer, ...payload } = contact.payload;
  // Away from the printed address with the first words (rule R37).
  const moved: Partial<NewAddress> & Pick<NewAddress, 'payload'> = toAnswer
    ? { payload }
    : await newAddress(wallet, contactId, payload, mediator.routingDid);
  const outbox = await packForContact(
    wallet,
    {
      lane: contactId,
      payload: moved.payload,
      ...(moved.sender ? { sender: moved.sender } : {}),
    },
    toAnswer ? responseTo(toAnswer) : greeting(await myName(wallet), payload),
  );
  const next = await sealContact(
    wallet.vault,
    contactId,
    'connected',
    moved.payload,
    contact.row.rev + 1,
  );
  const { db } = wallet;
  const tables = [db.contacts, db.keys, db.jobs, db.outbox];
  const written = await db.transaction('rw', tables, async () => {
    if ((await db.contacts.get(contactId))?.rev !== contact.row.rev) return false;
    await db.contacts.put(next);
    await db.keys.bulkAdd([...(moved.keyRows ?? [])]);
    if (moved.job) await db.jobs.add(moved.job);
    await db.outbox.bulkAdd(outbox);
    return true;
  });
  return written || acceptRequest(wallet, contactId);
}

/** The inviter refuses: the asker's contact, its messages and the address of a code for one disappear. */
export async function declineRequest(wallet: PackingWallet, contactId: string): Promise<void> {
  const contact = await contactById(wallet, contactId);
  if (contact?.row.state !== 'asking') return;
  const { myDid } = contact.payload;
  const hMyDid = await blindDid(wallet.vault, myDid);
  const job = await recipientJob(wallet, newRowId(), 'remove', myDid);
  const keyHashes = await keyHashesOf(wallet.vault, myDid);
  const { db } = wallet;
  const { contacts, messages, receipts, keys, jobs, drafts, invitations } = db;
  const tables = [contacts, messages, receipts, keys, jobs, drafts, invitations];
  await db.transaction('rw', tables, async () => {
    // Let in meanwhile, in another tab: then there is nothing left to refuse.
    if ((await db.contacts.get(contactId))?.state !== 'asking') return;
    await db.contacts.delete(contactId);
    await db.messages.where('[c+s]').between([contactId, 0], [contactId, Infinity]).delete();
    await db.receipts.where('c').equals(contactId).delete();
    await db.drafts.delete(contactId);
    // The address of a code for many is not this person's alone.
    const isShared = (await db.invitations.get({ hMyDid }))?.use === 'shared';
    if (isShared || (await db.contacts.where('hMyDid').equals(hMyDid).count()) > 0) return;
    await db.keys.bulkDelete(keyHashes);
    await db.jobs.add(job);
  });
}

/** Own word for a contact; empty goes back to the name they claim. */
export const renameContact = (
  wallet: PackingWallet,
  contactId: string,
  petname: string,
): Promise<boolean> =>
  changeContact(wallet, contactId, (payload: Contact['payload']) => ({ ...payload, petname }));
