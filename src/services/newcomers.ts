import { newRowId } from '../lib/ids.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import type { ContactRowState, JobRow, KeyRow } from '../storage/schema.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import type { RequestToAnswer } from '../protocols/mercury-connections/inviter.ts';
import type { Answered } from './effects.ts';
import { greeting } from './greeting.ts';
import type { Judgement, Newcomer } from './judgement.ts';
import { linkRemoval } from './link-jobs.ts';
import { readyMediator } from './mediators.ts';
import { metByRequest } from './mercury.ts';
import { myName } from './my-name.ts';
import type { Outgoing } from './outbox.ts';
import { newAddress } from './rotation.ts';
import type { Wallet } from './wallet.ts';

// Somebody comes by a code of ours: rare enough that the service worker loads it then.

/** The contact that a message is about, before its effects. */
export interface Start {
  readonly contactId: string;
  /** 0 for a contact that this message makes. */
  readonly rev: number;
  readonly state: ContactRowState;
  readonly payload: ContactPayload;
}

/** The contact after them, and what they bring along. */
export interface Settled {
  readonly state: ContactRowState;
  readonly payload: ContactPayload;
  readonly keyRows: readonly KeyRow[];
  readonly jobs: readonly JobRow[];
  readonly sender?: OwnKey;
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
 * The first words of a newcomer, who is let in or waits for the person. Whom the code lets in by itself is greeted
 * from a new address (rule R37), unless they came with a Mercury request.
 */
export async function meet(
  wallet: Wallet,
  { contactId, state }: Start,
  { payload, request }: { readonly payload: ContactPayload; readonly request?: RequestToAnswer },
  replies: readonly Outgoing[],
): Promise<{ readonly contact: Settled; readonly said: readonly Outgoing[] }> {
  const isLetIn = state === 'connected';
  const stay: Settled = { state, payload, keyRows: [], jobs: [] };
  if (request) {
    const met = await metByRequest(payload, request, isLetIn);
    return { contact: { ...stay, payload: met }, said: replies };
  }
  if (!isLetIn) return { contact: stay, said: replies };
  const mediator = await readyMediator(wallet);
  if (!mediator) return { contact: { ...stay, state: 'asking' }, said: replies };
  const { job, ...moved } = await newAddress(wallet, contactId, payload, mediator.routingDid);
  return {
    contact: { ...moved, state, jobs: [job] },
    said: greeting(await myName(wallet), payload, replies),
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
