import type { Mediator } from '../../mediator/server.ts';
import { createInvitation } from '../services/codes.ts';
import { acceptIntent, openCode } from '../services/invitations.ts';
import { contactById, type Contact } from '../services/contacts.ts';
import { InvitationPayload, openRow } from '../storage/payloads.ts';
import { freshWallet, type Surroundings, type TestWallet } from './wallets.ts';

// Two wallets that know each other, through a real mediator.

export interface Acquaintance extends TestWallet {
  /** Row id of the other one. */
  readonly friend: string;
  contact(): Promise<Contact>;
}

export async function acquaintances(
  mediator: Mediator,
  surroundings: Surroundings = {},
): Promise<{ readonly alice: Acquaintance; readonly bob: Acquaintance }> {
  const alice = await freshWallet('Alice', mediator.url, surroundings);
  const bob = await freshWallet('Bob', mediator.url, surroundings);
  await alice.settle();
  await bob.settle();
  const made = await createInvitation(alice.wallet, { origin: mediator.url, autoAccept: true });
  if (made.kind !== 'ok') throw new Error(made.kind);
  await alice.settle();
  const row = await alice.wallet.db.invitations.get(made.id);
  const payload = row && (await openRow(alice.wallet.vault, InvitationPayload, 'invitations', row));
  const opened = await openCode(bob.wallet, payload?.url ?? '', '');
  if (opened.kind !== 'preview') throw new Error(opened.kind);
  const accepted = await acceptIntent(bob.wallet, opened.intentId);
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  await rounds(bob, alice);
  const [known] = await alice.wallet.db.contacts.toArray();
  return {
    alice: acquainted(alice, known?.id ?? ''),
    bob: acquainted(bob, accepted.contactId),
  };
}

/** Each runs in turn, until all has been said. */
export async function rounds(...people: readonly TestWallet[]): Promise<void> {
  for (let i = 0; i < 3; i += 1) for (const person of people) await person.settle();
}

function acquainted(wallet: TestWallet, friend: string): Acquaintance {
  return {
    ...wallet,
    friend,
    contact: async () => {
      const contact = await contactById(wallet.wallet, friend);
      if (!contact) throw new Error('the contact is gone');
      return contact;
    },
  };
}
