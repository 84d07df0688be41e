import { draftReceiptRequest } from '../protocols/receipts/wallet.ts';
import { Profile } from '../protocols/user-profile/messages.ts';
import { draftProfile } from '../protocols/user-profile/wallet.ts';
import type { Outgoing } from './outbox.ts';

/**
 * What two wallets tell each other first: who I am, and that I would like to know when my texts arrive.
 * @param askBack the other side has not told its name yet
 * @param answers replies to what the other side said; a profile among them is not said twice
 */
export const greeting = (
  myName: string,
  askBack: boolean,
  answers: readonly Outgoing[] = [],
): Outgoing[] => [
  ...(answers.some(({ draft }) => draft.type === Profile.type)
    ? []
    : [{ draft: draftProfile(myName, 'new', askBack) }]),
  ...answers,
  { draft: draftReceiptRequest() },
];
