import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { packAnoncrypt } from '../didcomm/pack.ts';
import { newMessageId } from '../lib/ids.ts';
import { forgeFromPrior } from '../testing/forge.ts';
import type { Did } from '../did/did.ts';
import { PROBLEM_REPORT } from '../protocols/report-problem/types.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  quarantineReasons,
  queuedFor,
  textLetter,
} from '../testing/foreign.ts';
import { moveOf, nowSeconds } from '../testing/hostile/world.ts';
import { documentOf } from '../testing/peer-did.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { acceptCode, freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { setUse } from './codes.ts';
import { reconnect } from './end-relationship.ts';

// What people may do who hold nothing but a printed code, or who never keep still.

vi.setConfig({ testTimeout: 60_000 });

let mediator: Mediator;
let alice: TestWallet;

beforeEach(async () => {
  mediator = await freshMediator();
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
});
afterEach(() => mediator.close());

async function sharedCode() {
  const invitation = await openInvitation(alice, mediator.url, false);
  await setUse(alice.wallet, invitation.rowId, 'shared', mediator.url);
  await alice.settle();
  return invitation;
}
const contactsIn = (state: string) => alice.wallet.db.contacts.where({ state }).toArray();

async function endingOf(peer: Peer, to: Did, more = {}): Promise<string> {
  const claims = { iss: peer.did, iat: nowSeconds() };
  const ending = await packAnoncrypt(nativeEngine, {
    plaintext: {
      id: newMessageId(),
      type: 'https://didcomm.org/empty/1.0/empty',
      typ: 'application/didcomm-plain+json',
      to: [to],
      body: {},
      from_prior: await forgeFromPrior({ by: peer.signing, claims }),
      ...more,
    },
    recipient: await documentOf(to),
  });
  if (ending.kind !== 'ok') throw new Error(ending.kind);
  return ending.packed;
}

test('who asked, was not let in and ended is not let in by a reconnection', async () => {
  const invitation = await sharedCode();
  const stranger = await newPeer();
  await deliver(
    alice,
    await textLetter(stranger, invitation.did, 'hi', { pthid: invitation.oobId }),
  );
  await deliver(alice, await endingOf(stranger, invitation.did));
  const [left] = await contactsIn('left');
  expect(await reconnect(alice.wallet, left?.id ?? '')).toBe(true);
  expect((await contactsIn('asking')).map(({ id }) => id)).toEqual([left?.id]);
  expect(await alice.wallet.db.outbox.count()).toBe(0);
});

describe('who answers a code that is over', () => {
  const OVER = 'e.p.req.invitation-over';
  const usedCode = async (autoAccept = true) => {
    const invitation = await openInvitation(alice, mediator.url, autoAccept);
    const first = await newPeer();
    await deliver(
      alice,
      await textLetter(first, invitation.did, 'hi', { pthid: invitation.oobId }),
    );
    return invitation;
  };
  const told = async (peer: Peer) =>
    (await queuedFor(alice.wallet, peer)).map(({ message }) => message.body['code']);

  test('is told so once, from the address of the code, and becomes nobody', async () => {
    const { did, oobId } = await usedCode();
    const late = await newPeer();
    const before = await alice.wallet.db.contacts.count();
    const first = await textLetter(late, did, 'hello?', { id: 'first', pthid: oobId });
    await deliver(alice, first);
    await deliver(alice, await textLetter(late, did, 'hello!', { thid: oobId }));
    const [report, ...more] = await queuedFor(alice.wallet, late);
    expect(more).toEqual([]);
    expect(report).toMatchObject({ sender: did, encryption: 'authcrypt' });
    expect(report?.message).toMatchObject({
      pthid: oobId,
      ack: ['first'],
      body: { code: OVER, comment: 'This invitation is not valid any more.', args: [] },
    });
    expect(await alice.wallet.db.contacts.count()).toBe(before);
    expect(await quarantineReasons(alice.wallet)).toEqual(['invite', 'invite']);
  });

  test('also of one that has expired, of this one and no other, and twenty at most', async () => {
    const { did, oobId, rowId } = await openInvitation(alice, mediator.url, true);
    await alice.wallet.db.invitations.update(rowId, { expiresAt: Date.now() - 1 });
    const guesser = await newPeer();
    await deliver(alice, await textLetter(guesser, did, 'hi', { pthid: newMessageId() }));
    await deliver(alice, await textLetter(guesser, did, 'hi'));
    expect(await told(guesser)).toEqual([]);
    const late = await Promise.all(Array.from({ length: 22 }, () => newPeer()));
    for (const peer of late)
      await deliver(alice, await textLetter(peer, did, 'hi', { pthid: oobId }));
    expect((await Promise.all(late.map(told))).flat()).toEqual(Array(20).fill(OVER));
  });

  test('hears nothing where the person decides about everybody, nor for a report or what expired', async () => {
    const byHand = await usedCode(false);
    const [patient, reporter, slow] = [await newPeer(), await newPeer(), await newPeer()];
    await deliver(alice, await textLetter(patient, byHand.did, 'hi', { pthid: byHand.oobId }));
    const { did, oobId } = await usedCode();
    const problem = { code: 'e.p.msg', comment: '' };
    await deliver(
      alice,
      await letter(reporter, did, PROBLEM_REPORT, problem, { pthid: oobId }),
      await textLetter(slow, did, 'hi', { pthid: oobId, expires_time: nowSeconds() - 3600 }),
    );
    expect([await told(patient), await told(reporter), await told(slow)]).toEqual([[], [], []]);
  });

  test('believes it of whom it answered, about that code, and only while it waits', async () => {
    const inviter = await newPeer([{ uri: 'http://localhost:9/', accept: ['didcomm/v2'] }]);
    const report = async (to: Did, pthid: string) =>
      letter(inviter, to, PROBLEM_REPORT, { code: OVER, comment: 'Over.' }, { pthid });
    const met = async (id: string) => {
      const contactId = await acceptCode(
        alice,
        JSON.stringify({
          type: 'https://didcomm.org/out-of-band/2.0/invitation',
          id,
          from: inviter.did,
          body: { label: 'Bob' },
        }),
      );
      return { contactId, did: (await contactOf(alice.wallet, contactId)).payload.myDid };
    };
    const { contactId, did } = await met('the-code');
    const state = async () => (await contactOf(alice.wallet, contactId)).row.state;
    const stranger = await newPeer();
    await deliver(
      alice,
      await letter(stranger, did, PROBLEM_REPORT, { code: OVER }, { pthid: 'the-code' }),
    );
    expect(await state()).toBe('connecting');
    await deliver(alice, await report(did, 'the-code'));
    expect(await state()).toBe('void');
    expect(await alice.wallet.db.outbox.where('lane').equals(contactId).count()).toBe(0);
    // It was a mistake: they write, so they let us in.
    await deliver(alice, await textLetter(inviter, did, 'welcome'));
    expect(await state()).toBe('connected');
    await deliver(alice, await report(did, 'the-code'));
    expect(await state()).toBe('connected');
  });

  test('a complaint about something else does not end the waiting for good', async () => {
    const inviter = await newPeer([{ uri: 'http://localhost:9/', accept: ['didcomm/v2'] }]);
    const contactId = await acceptCode(
      alice,
      JSON.stringify({
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        id: 'another-code',
        from: inviter.did,
        body: { label: 'Bob' },
      }),
    );
    const { myDid } = (await contactOf(alice.wallet, contactId)).payload;
    const problem = { code: OVER, comment: 'Over.' };
    await deliver(
      alice,
      await letter(inviter, myDid, PROBLEM_REPORT, problem, { pthid: newMessageId() }),
    );
    expect((await contactOf(alice.wallet, contactId)).row.state).toBe('connected');
  });
});

describe('what comes after its own end (R25)', () => {
  const past = { expires_time: nowSeconds() - 3600 };

  test('meets nobody, and leaves the code to who comes in time', async () => {
    const { did, oobId } = await openInvitation(alice, mediator.url, true);
    const slow = await newPeer();
    await deliver(alice, await textLetter(slow, did, 'hi', { pthid: oobId, ...past }));
    expect(await alice.wallet.db.contacts.count()).toBe(0);
    expect(await alice.wallet.db.outbox.count()).toBe(0);
    expect(await quarantineReasons(alice.wallet)).toEqual(['expired']);
    await deliver(alice, await textLetter(slow, did, 'here I am', { pthid: oobId }));
    expect(await contactsIn('connected')).toHaveLength(1);
  });

  test('moves no contact; what comes next from the new address does', async () => {
    const [before, after] = [await newPeer(), await newPeer()];
    const id = await befriend(alice, mediator.url, before);
    const friend = async () => (await contactOf(alice.wallet, id)).payload;
    const { myDid } = await friend();
    const queued = await alice.wallet.db.outbox.count();
    const move = { from_prior: await moveOf(before, after, nowSeconds()) };
    const expired = await textLetter(after, myDid, 'too late', { ...move, ...past });
    await deliver(alice, expired, expired);
    expect(await friend()).toMatchObject({ theirDid: before.did, theirPriorDids: [] });
    expect((await alice.chat(id)).map(({ text }) => text)).toEqual(['them: ']);
    await deliver(alice, await textLetter(after, myDid, 'in time', move));
    expect(await friend()).toMatchObject({ theirDid: after.did, theirPriorDids: [before.did] });
    expect((await alice.chat(id)).map(({ text }) => text)).toEqual(['them: ', 'them: in time']);
    expect(await alice.wallet.db.outbox.count()).toBe(queued);
  });

  test('ends nothing, and connects nobody who waits for an answer', async () => {
    const inviter = await newPeer([{ uri: 'http://localhost:9/', accept: ['didcomm/v2'] }]);
    const id = await acceptCode(
      alice,
      JSON.stringify({
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        id: 'slow',
        from: inviter.did,
        body: { label: 'Bob' },
      }),
    );
    const state = async () => (await contactOf(alice.wallet, id)).row.state;
    const { myDid } = (await contactOf(alice.wallet, id)).payload;
    await deliver(alice, await textLetter(inviter, myDid, 'welcome', past));
    expect(await state()).toBe('connecting');
    await deliver(alice, await textLetter(inviter, myDid, 'welcome'));
    await deliver(alice, await endingOf(inviter, myDid, past));
    expect(await state()).toBe('connected');
    expect(await quarantineReasons(alice.wallet)).toEqual(['expired']);
  });
});

test('a code that went round brings a hundred requests and no more', async () => {
  const invitation = await sharedCode();
  const letters = await Promise.all(
    Array.from({ length: 104 }, async () =>
      textLetter(await newPeer(), invitation.did, 'let me in', { pthid: invitation.oobId }),
    ),
  );
  await deliver(alice, ...letters);
  expect(await contactsIn('asking')).toHaveLength(100);
});

test('a contact that moves without end is followed, and its row does not grow', async () => {
  let now = await newPeer();
  const id = await befriend(alice, mediator.url, now);
  const to = (await contactOf(alice.wallet, id)).payload.myDid;
  for (let move = 0; move < 35; move += 1) {
    const next = await newPeer();
    const fromPrior = await moveOf(now, next, nowSeconds());
    await deliver(alice, await textLetter(next, to, `move ${move}`, { from_prior: fromPrior }));
    now = next;
  }
  const { payload } = await contactOf(alice.wallet, id);
  expect(payload.theirDid).toBe(now.did);
  expect(payload.theirPriorDids).toHaveLength(30);
});
