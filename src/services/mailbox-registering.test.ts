import { beforeEach, describe, expect, test } from 'vitest';
import type { Did } from '../did/did.ts';
import { openInvitation } from '../testing/foreign.ts';
import { mailboxWorld, onlyFor, ORIGIN, type MailboxWorld } from '../testing/mailbox-world.ts';
import { newPeer } from '../testing/peer.ts';
import { answered, REPORT, type Request } from '../testing/scripted-mediator.ts';
import type { PostOutcome } from '../transport/http.ts';

// What a mailbox may answer when it is asked to take mail for one more address (R42, I17).

let world: MailboxWorld;
beforeEach(async () => {
  world = await mailboxWorld();
});

describe('registering an address', () => {
  type Answer = (request: Request) => PostOutcome | Promise<PostOutcome>;
  const UPDATED = 'https://didcomm.org/coordinate-mediation/3.0/recipient-update-response';
  const resultFor = (did: Did, result: string, member = 'updated') => ({
    type: UPDATED,
    body: { [member]: [{ recipient_did: did, action: 'add', result }] },
  });
  const stateOf = async (rowId: string) =>
    (await world.alice.wallet.db.invitations.get(rowId))?.state;

  const ignored: readonly (readonly [string, (did: Did) => Answer])[] = [
    [
      'of another thread',
      () =>
        ({ say }) =>
          say(undefined, { thid: crypto.randomUUID() }),
    ],
    [
      'by somebody else',
      () =>
        async ({ say }) =>
          say(undefined, {}, await newPeer()),
    ],
    [
      'by a contact',
      () =>
        ({ say }) =>
          say(undefined, {}, world.bob),
    ],
    [
      'for another DID',
      () =>
        async ({ say }) =>
          say(resultFor((await newPeer()).did, 'success')),
    ],
    [
      'for the removal of the DID',
      (did) =>
        ({ say }) =>
          say({
            type: UPDATED,
            body: { updated: [{ recipient_did: did, action: 'remove', result: 'success' }] },
          }),
    ],
    [
      'of a server error',
      (did) =>
        ({ say }) =>
          say(resultFor(did, 'server_error')),
    ],
    [
      'of a word unknown',
      (did) =>
        ({ say }) =>
          say(resultFor(did, 'SUCCESS')),
    ],
    [
      'of nothing',
      () =>
        ({ say }) =>
          say({ type: UPDATED, body: {} }),
    ],
    [
      'with a body of another shape',
      () =>
        ({ say }) =>
          say({ type: UPDATED, body: { updated: 1 } }),
    ],
    [
      'with another type',
      (did) =>
        ({ say }) =>
          say({ ...resultFor(did, 'success'), type: REPORT }),
    ],
    ['that is empty', () => () => answered(202)],
    ['that is a 500', () => () => answered(500)],
  ];
  test.each(ignored)('an answer %s leaves it to be asked again', async (_name, answerFor) => {
    const { rowId, did } = await openInvitation(world.alice, ORIGIN, true);
    world.mediator.answer = onlyFor('recipient-update', answerFor(did));
    expect(await world.alice.settle()).toBe(false);
    expect(await stateOf(rowId)).toBe('preparing');
    const [job] = await world.alice.wallet.db.jobs.toArray();
    expect(job?.nextAt).toBeGreaterThan(Date.now() - 1_000);
    expect(world.askedFor('recipient-update')).toBe(1);
    world.mediator.answer = ({ say }) => say();
    expect(await world.alice.settle()).toBe(true);
    expect(await stateOf(rowId)).toBe('live');
    expect(await world.alice.wallet.db.jobs.count()).toBe(0);
  });

  test.each([
    ['success', 'updated'],
    ['no_change', 'updated'],
    ['success', 'updates'], // Veramo (I17)
  ])('%s in %s makes the invitation live', async (result, member) => {
    const { rowId, did } = await openInvitation(world.alice, ORIGIN, true);
    world.mediator.answer = onlyFor('recipient-update', ({ say }) =>
      say(resultFor(did, result, member)),
    );
    await world.alice.settle();
    expect(await stateOf(rowId)).toBe('live');
  });

  test('a DID that the mailbox will not have is not asked for again, and never shown', async () => {
    const { rowId, did } = await openInvitation(world.alice, ORIGIN, true);
    world.mediator.answer = onlyFor('recipient-update', ({ say }) =>
      say(resultFor(did, 'client_error')),
    );
    await world.alice.settle();
    expect(await stateOf(rowId)).toBe('preparing');
    expect(await world.alice.wallet.db.jobs.count()).toBe(0);
  });

  test('many are registered in messages of twenty', async () => {
    for (let i = 0; i < 45; i += 1) await openInvitation(world.alice, ORIGIN, true);
    expect(await world.alice.settle()).toBe(true);
    const sizes = world.mediator.asked.flatMap(({ type, body }) =>
      type.endsWith('recipient-update') ? [(body['updates'] as unknown[]).length] : [],
    );
    expect(sizes).toEqual([20, 20, 5]);
    const states = (await world.alice.wallet.db.invitations.toArray()).map(({ state }) => state);
    expect(states.filter((state) => state === 'live')).toHaveLength(45);
  });

  test('mail to an address that waits for registration changes nothing about it', async () => {
    const { rowId } = await openInvitation(world.alice, ORIGIN, true);
    world.mediator.answer = onlyFor('recipient-update', () => ({ kind: 'unreachable' }));
    world.mediator.put(await world.fromBob('meanwhile'));
    expect(await world.alice.settle()).toBe(false);
    expect(await world.texts()).toEqual(['them: meanwhile']);
    expect(await stateOf(rowId)).toBe('preparing');
  });
});
