import { draftReceiptRequest, RequestReceipts } from '../protocols/receipts/requests.ts';
import { Profile } from '../protocols/user-profile/messages.ts';
import { draftProfile } from '../protocols/user-profile/wallet.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import { speaks } from './features.ts';
import type { Outgoing } from './outbox.ts';

/**
 * What two wallets tell each other first: who I am, and that I would like to know when my texts arrive.
 * @param to who has not told its name yet is asked for it; what it disclosed it cannot take is left out
 * @param answers replies to what the other side said; a profile among them is not said twice
 */
export const greeting = (
  myName: string,
  to: Pick<ContactPayload, 'claimedName' | 'features'>,
  answers: readonly Outgoing[] = [],
): Outgoing[] => [
  ...(answers.some(({ draft }) => draft.type === Profile.type) || !speaks(to, Profile)
    ? []
    : [{ draft: draftProfile(myName, 'new', to.claimedName === '') }]),
  ...answers,
  ...(speaks(to, RequestReceipts) ? [{ draft: draftReceiptRequest() }] : []),
];
