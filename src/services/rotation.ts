import type { Did } from '../did/did.ts';
import { signFromPrior } from '../didcomm/from-prior.ts';
import { toSeconds } from '../lib/clock.ts';
import { draftEmpty } from '../protocols/empty/empty.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import type { JobRow, KeyRow } from '../storage/schema.ts';
import { correspondenceOf } from './chat.ts';
import { documentOf } from './contact-document.ts';
import { changedAddress, contactById, sealContact } from './contacts.ts';
import { recipientJob } from './jobs.ts';
import { readyMediator } from './mediators.ts';
import { packForContact } from './outbox.ts';
import { mintDid, type MintedDid } from './mint-did.ts';
import { signingKeyOf } from './own-keys.ts';
import type { PackingWallet } from './wallet.ts';
import { isOpen } from './contact-state.ts';

/** A new address of ours for one contact, not stored yet. */
export interface NewAddress {
  readonly payload: ContactPayload;
  readonly keyRows: readonly KeyRow[];
  /** Registers it; what is for the contact waits for that. */
  readonly job: JobRow;
  readonly sender: MintedDid['agreement'];
}

/**
 * Mints a DID for a contact that leaves its present one. The contact learns it from `from_prior`, in every
 * message until it writes to the new one (rule R19); until then, and a while longer, the old one is heard.
 * Moves may follow each other unseen: a contact's mail leaves in order, so that it sees every step.
 */
export async function newAddress(
  wallet: PackingWallet,
  contactId: string,
  payload: ContactPayload,
  routingDid: Did,
): Promise<NewAddress> {
  const minted = await mintDid(wallet.vault, routingDid, await documentOf(payload));
  const fromPrior = await signFromPrior({
    iss: payload.myDid,
    sub: minted.did,
    iatSeconds: toSeconds(wallet.clock.now()),
    signer: await signingKeyOf(wallet, payload.myDid),
  });
  const { priorsUntilAt: _, ...rest } = changedAddress(payload);
  return {
    payload: {
      ...rest,
      myDid: minted.did,
      myPriorDids: [payload.myDid, ...payload.myPriorDids],
      fromPrior,
    },
    keyRows: minted.keyRows,
    job: await recipientJob(wallet, contactId, 'add', minted.did),
    sender: minted.agreement,
  };
}

export type MoveOutcome =
  | 'moved'
  /** No such contact, not met or let in yet, or ended: there is nobody to tell. */
  | 'nobody';

/**
 * Moves one contact to a new address of ours under `routingDid`, and tells it at once by an empty message.
 * One transaction; the new address is registered before that message leaves.
 */
export async function moveContact(
  wallet: PackingWallet,
  contactId: string,
  routingDid: Did,
): Promise<MoveOutcome> {
  const { db } = wallet;
  for (;;) {
    const contact = await contactById(wallet, contactId);
    if (!contact || !isOpen(contact.row.state) || contact.payload.unmet) return 'nobody';
    const { row } = contact;
    const moved = await newAddress(wallet, contactId, contact.payload, routingDid);
    const next = await sealContact(wallet.vault, contactId, row.state, moved.payload, row.rev + 1);
    const outbox = await packForContact(
      wallet,
      { ...correspondenceOf({ row: next, payload: moved.payload }), sender: moved.sender },
      [{ draft: draftEmpty() }],
    );
    const written = await db.transaction(
      'rw',
      [db.contacts, db.keys, db.jobs, db.outbox],
      async () => {
        if ((await db.contacts.get(contactId))?.rev !== row.rev) return false;
        await db.contacts.put(next);
        await db.keys.bulkAdd([...moved.keyRows]);
        await db.jobs.add(moved.job);
        await db.outbox.bulkAdd(outbox);
        return true;
      },
    );
    if (written) return 'moved';
  }
}

/** 'Change my address': the same mailbox, a new DID. */
export async function moveToNewAddress(
  wallet: PackingWallet,
  contactId: string,
): Promise<MoveOutcome | 'no-mailbox'> {
  const mediator = await readyMediator(wallet);
  return mediator ? moveContact(wallet, contactId, mediator.routingDid) : 'no-mailbox';
}
