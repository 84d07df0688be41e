import type { MailboxOfferView, MailboxView } from '../../src/state/views.ts';
import { later, useWorld } from './world.ts';

// Stands in for src/state/mailbox.ts in the gallery: same names, answers from the scene.

export const useMailbox = (): MailboxView | undefined => useWorld(({ mailbox }) => mailbox);
export const useMailboxOffer = (_code: string): MailboxOfferView | undefined =>
  useWorld(({ mailboxOffer }) => mailboxOffer);

export async function moveToMailbox(_code: string): Promise<boolean> {
  await later();
  return true;
}
export const stayAtMailbox = (): Promise<void> => later();
