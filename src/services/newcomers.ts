import { newRowId } from '../lib/ids.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import type { ContactRowState } from '../storage/schema.ts';
import type { Answered } from './effects.ts';
import type { Judgement, Newcomer } from './judgement.ts';
import { linkRemoval } from './link-jobs.ts';
import type { Wallet } from './wallet.ts';

// Somebody comes by a code of ours: rare enough that the service worker loads it then.

/** The contact that a message is about, before its effects. */
export interface Start {
  readonly contactId: string;
  /** 0 for a contact that this message makes. */
  readonly rev: number;
  readonly state: ContactRowState;
  readonly payload: ContactPayload;
  /** This message makes or opens the relation: the inviter says hello. */
  readonly greets: boolean;
}

/** The contact that a newcomer becomes; it waits for the person unless the code lets people in by itself. */
export function startOf(
  wallet: Wallet,
  { senderDid, invitation: { row, payload } }: Extract<Judgement, { kind: 'newcomer' }>,
): Start {
  return {
    contactId: newRowId(),
    rev: 0,
    state: row.autoAccept ? 'connected' : 'asking',
    greets: row.autoAccept,
    payload: {
      claimedName: '',
      petname: '',
      myDid: payload.myDid,
      myPriorDids: [],
      theirDid: senderDid,
      theirPriorDids: [],
      role: 'inviter',
      invitationId: payload.oobId,
      madeAt: wallet.clock.now(),
      wantsReceived: false,
    },
  };
}

/**
 * What the first answer does to a code for one person: it lets nobody else in, and its short link is withdrawn,
 * so that whoever opens it from now on is told. A code for many stays as it is.
 */
export async function answered(
  wallet: Wallet,
  { row: { id }, payload }: Newcomer,
): Promise<Answered> {
  const removal = await linkRemoval(wallet, id, payload.secretB64u);
  return async ({ invitations, linkJobs }, contactId) => {
    const current = await invitations.get(id);
    if (current?.state !== 'live' && current?.state !== 'preparing') return false;
    if (current.use === 'shared') {
      await invitations.update(id, { answers: (current.answers ?? 0) + 1 });
      return true;
    }
    await invitations.update(id, { state: 'answered', contactId });
    await linkJobs.where('invitation').equals(id).delete();
    await linkJobs.bulkAdd(removal);
    return true;
  };
}
