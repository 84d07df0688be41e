import type { Did } from '../../did/did.ts';
import { declineRequest } from '../../services/invitations.ts';
import { readyMediator } from '../../services/mediators.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  PROFILE,
  textLetter,
  type OpenInvitation,
} from '../foreign.ts';
import { forgeFromPrior } from '../forge.ts';
import { newPeer, type Peer } from '../peer.ts';
import { freshWallet, type TestWallet } from '../wallets.ts';

/** Alice's wallet has three contacts, an open invitation, and others that are spent. */
export interface World {
  readonly alice: TestWallet;
  readonly routingDid: Did;
  /** Alice's account towards the mediator. */
  readonly accountDid: Did;
  readonly bob: Peer;
  /** Row id of the contact. */
  readonly bobId: string;
  /** Where Alice reads what Bob writes. */
  readonly bobsAlice: Did;
  readonly carol: Peer;
  readonly carolsAlice: Did;
  /** Moved from `daveBefore` to `dave`. */
  readonly dave: Peer;
  readonly daveBefore: Peer;
  readonly davesAlice: Did;
  readonly daveMovedSeconds: number;
  readonly mallory: Peer;
  readonly open: OpenInvitation;
  /** Ended an hour ago. */
  readonly expired: OpenInvitation;
  /** Ended days ago. */
  readonly retired: OpenInvitation;
  readonly used: OpenInvitation;
  /** Answered, then declined. */
  readonly declined: OpenInvitation;
  readonly decliner: Peer;
  /** A text of Bob's that Alice has, with the id `bob-1`. */
  readonly sentBefore: string;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const HOUR_MS = 3_600_000;

/** `from` moves to `to`, signed as an honest wallet would. */
export const moveOf = (from: Peer, to: Peer, iat = nowSeconds()): Promise<string> =>
  forgeFromPrior({ by: from.signing, claims: { iss: from.did, sub: to.did, iat } });

/** @param url of a mediator */
export async function newWorld(url: string): Promise<World> {
  let offsetMs = 0;
  const alice = await freshWallet('Alice', url, {
    clock: { now: () => Date.now() + offsetMs },
  });
  const [bob, carol, dave, daveBefore, mallory, decliner] = await Promise.all([
    newPeer(),
    newPeer(),
    newPeer(),
    newPeer(),
    newPeer(),
    newPeer(),
  ]);
  await alice.settle();
  const account = await readyMediator(alice.wallet);
  if (!account) throw new Error('no mailbox');

  offsetMs = -72 * HOUR_MS;
  const retired = await openInvitation(alice, url, true);
  offsetMs = -25 * HOUR_MS;
  const expired = await openInvitation(alice, url, true);
  offsetMs = 0;

  const used = await openInvitation(alice, url, true);
  const answer = (peer: Peer, to: OpenInvitation): Promise<string> =>
    letter(peer, to.did, PROFILE, { profile: { displayName: 'B' } }, { pthid: to.oobId });
  await deliver(alice, await answer(bob, used));
  const bobId = (await alice.wallet.db.invitations.get(used.rowId))?.contactId ?? '';
  const carolId = await befriend(alice, url, carol);
  const daveId = await befriend(alice, url, daveBefore);
  const addressOf = async (id: string) => (await contactOf(alice.wallet, id)).payload.myDid;
  const davesAlice = await addressOf(daveId);
  const daveMovedSeconds = nowSeconds();
  await deliver(
    alice,
    await textLetter(dave, davesAlice, 'I moved', {
      from_prior: await moveOf(daveBefore, dave, daveMovedSeconds),
    }),
  );
  const declined = await openInvitation(alice, url, false);
  await deliver(alice, await answer(decliner, declined));
  const asking = await alice.wallet.db.invitations.get(declined.rowId);
  await declineRequest(alice.wallet, asking?.contactId ?? '');
  const open = await openInvitation(alice, url, true);
  await alice.settle();
  // An address that the pass before was still registering is withdrawn by this one.
  await alice.settle();
  const bobsAlice = await addressOf(bobId);
  const sentBefore = await textLetter(bob, bobsAlice, 'first', { id: 'bob-1' });
  await deliver(alice, sentBefore);
  return {
    alice,
    bobId,
    sentBefore,
    retired,
    routingDid: account.routingDid,
    accountDid: account.myDid,
    bob,
    bobsAlice,
    carol,
    carolsAlice: await addressOf(carolId),
    dave,
    daveBefore,
    davesAlice,
    daveMovedSeconds,
    mallory,
    open,
    expired,
    used,
    declined,
    decliner,
  };
}
