import type { Did } from '../did/did.ts';
import { draftRecipientUpdate } from '../protocols/coordinate-mediation/recipient.ts';
import { draftEmpty } from '../protocols/empty/empty.ts';
import { Ping } from '../protocols/trust-ping/messages.ts';
import { draftPing } from '../protocols/trust-ping/sender.ts';
import { correspondenceOf } from './chat.ts';
import { contactById, isAddressedSame } from './contacts.ts';
import { askMediator, type ControlPorts } from './control.ts';
import { speaks } from './features.ts';
import { mailboxOf, openedContacts, usersOf } from './mailbox-users.ts';
import { LEAVING_MS, type ReadyMediator } from './mediators.ts';
import { packForContact } from './outbox.ts';
import { drainMailbox, type PickupPorts } from './pickup.ts';
import { moveContact } from './rotation.ts';
import type { Wallet } from './wallet.ts';
import { isOpen, isAgent } from './contact-state.ts';

/*
 * [Note: Moving to another mailbox] Which mailbox a contact writes to stands in the DID of ours that it has: so
 * nothing of a move is remembered but which mailbox is in use and which is left. Every step looks at what is
 * there, and may be taken again after a crash.
 */

export type MovePorts = Wallet & ControlPorts & PickupPorts;

const BATCH = 20;

/**
 * One step of every move under way: contacts are told of their new addresses, the mailboxes that are left are
 * emptied, and given up once nobody writes to them.
 * @param onStored as of `drainMailbox`
 */
export async function followMoves(
  ports: MovePorts,
  inUse: ReadyMediator,
  leaving: readonly ReadyMediator[],
  onStored: () => Promise<void>,
): Promise<void> {
  await tellContacts(ports, inUse.routingDid);
  for (const mailbox of leaving) {
    // Asked before it is emptied: what they wrote before they heard of the move is there by now, for a
    // contact's mail leaves in order.
    const users = await usersOf(ports, mailbox.routingDid);
    const isOver = ports.clock.now() - (mailbox.leftAt ?? 0) > LEAVING_MS;
    const outcome = await drainMailbox(ports, mailbox, onStored);
    await onStored();
    if (isOver || (users === 0 && outcome.kind === 'drained')) await leave(ports, mailbox);
  }
}

/**
 * Fetches what lies in the mailboxes that are left and opens it before what came from the one in use: a contact
 * wrote there first. Without unread mail there is nothing to come before.
 */
export async function fetchOlder(
  ports: MovePorts,
  leaving: readonly ReadyMediator[],
): Promise<void> {
  const before = (await ports.db.inbox.orderBy(':id').first())?.seq;
  if (before === undefined) return;
  for (const mailbox of leaving)
    await drainMailbox({ ...ports, before }, mailbox, () => Promise.resolve());
}

/** Everybody who can follow gets an address at the mailbox in use, and is asked to write to it. */
async function tellContacts(ports: MovePorts, routingDid: Did): Promise<void> {
  for (const { row, payload } of await openedContacts(ports)) {
    if (!isOpen(row.state) || isAgent(payload)) continue;
    if ((await mailboxOf(payload.myDid)) === routingDid) continue;
    if ((await moveContact(ports, row.id, routingDid)) === 'moved') await askForWord(ports, row.id);
  }
}

/** An answer shows that the new address is known; without one the contact's next message will. */
async function askForWord(ports: MovePorts, contactId: string): Promise<void> {
  const contact = await contactById(ports, contactId);
  if (contact?.row.state !== 'connected') return;
  const draft = speaks(contact.payload, Ping) ? draftPing() : draftEmpty({ please_ack: [''] });
  const outbox = await packForContact(ports, correspondenceOf(contact), [{ draft }]);
  const { db } = ports;
  await db.transaction('rw', [db.contacts, db.outbox], async () => {
    if (isAddressedSame(contact.row, await db.contacts.get(contactId)))
      await db.outbox.bulkAdd(outbox);
  });
}

/** Withdraws what is registered there and forgets the account. A mailbox that cannot be told is left untold. */
async function leave(ports: MovePorts, mailbox: ReadyMediator): Promise<void> {
  const dids: Did[] = [];
  for (const { payload } of await openedContacts(ports))
    for (const did of [payload.myDid, ...payload.myPriorDids])
      if ((await mailboxOf(did)) === mailbox.routingDid) dids.push(did);
  for (let next = 0; next < dids.length; next += BATCH) {
    const updates = dids
      .slice(next, next + BATCH)
      .map((recipient_did) => ({ recipient_did, action: 'remove' as const }));
    const draft = draftRecipientUpdate(mailbox.mediation ?? '3.0', updates);
    if ((await askMediator(ports, mailbox, draft)).kind === 'unreachable') break;
  }
  await ports.db.mediators
    .where({ id: mailbox.rowId })
    .and(({ state }) => state === 'leaving')
    .delete();
}
