import type { MailboxAnswerView, MailboxOfferView, MailboxView } from '../../src/state/views.ts';
import { later, useWorld } from './world.ts';

// Stands in for src/state/mailbox.ts in the gallery: same names, answers from the scene.

export const useMailbox = (): MailboxView | undefined => useWorld(({ mailbox }) => mailbox);
export const useMailboxOffer = (_code: string): MailboxOfferView | undefined =>
  useWorld(({ mailboxOffer }) => mailboxOffer);

/** The host is asked, and has not answered yet. */
export async function openMailboxCode(
  _text: string,
): Promise<{ readonly kind: 'asked'; readonly intentId: string }> {
  await later();
  return { kind: 'asked', intentId: 'i1' };
}
export const useMailboxAnswer = (intentId: string | undefined): MailboxAnswerView | undefined =>
  intentId === undefined ? undefined : { kind: 'asking', host: 'post.example.net' };

export async function moveToMailbox(_code: string): Promise<boolean> {
  await later();
  return true;
}
export const stayAtMailbox = (): Promise<void> => later();
