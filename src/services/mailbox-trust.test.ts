import { beforeEach, describe, expect, test } from 'vitest';
import type { Did } from '../did/did.ts';
import { publicFace, relationsOf } from '../testing/foreign.ts';
import { forgeJwe, forgeJws } from '../testing/forge.ts';
import { mailboxWorld, onlyFor, type MailboxWorld } from '../testing/mailbox-world.ts';
import { newPeer } from '../testing/peer.ts';
import { answered, REPORT, type Request } from '../testing/scripted-mediator.ts';
import type { PostOutcome } from '../transport/http.ts';

// What the mailbox, or somebody in its place, may answer to the wallet (R34, R41, I34).

let world: MailboxWorld;
beforeEach(async () => {
  world = await mailboxWorld();
});

describe('mail counts only from the mediator itself, in answer to the request', () => {
  const face = async (account: Did) => (await publicFace(account)).agreement;
  const contentOf = ({ message, account, reply }: Request) => ({
    id: 'x',
    from: world.mediator.peer.did,
    to: [account],
    thid: message.id,
    ...reply,
  });
  const impostures: readonly (readonly [
    string,
    (request: Request) => PostOutcome | Promise<PostOutcome>,
  ])[] = [
    ['sealed by somebody else', async ({ say }) => say(undefined, {}, await newPeer())],
    ['sealed by a contact', ({ say }) => say(undefined, {}, world.bob)],
    [
      'sealed by somebody else in its name',
      async (request) =>
        answered(
          200,
          await forgeJwe({
            content: contentOf(request),
            from: (await newPeer()).agreement,
            to: [await face(request.account)],
          }),
        ),
    ],
    [
      'sealed by nobody',
      async (request) =>
        answered(
          200,
          await forgeJwe({ content: contentOf(request), to: [await face(request.account)] }),
        ),
    ],
    [
      'signed, in the open',
      async (request) =>
        answered(
          200,
          await forgeJws({ content: contentOf(request), by: world.mediator.peer.signing }),
        ),
    ],
    [
      'signed, sealed by nobody',
      async (request) =>
        answered(
          200,
          await forgeJwe({
            content: await forgeJws({
              content: contentOf(request),
              by: world.mediator.peer.signing,
            }),
            to: [await face(request.account)],
          }),
        ),
    ],
    ['in the open', (request) => answered(200, JSON.stringify(contentOf(request)))],
    ['of another thread', ({ say }) => say(undefined, { thid: crypto.randomUUID() })],
    ['no envelope', () => answered(200, '<html>log in to this network</html>')],
    ['a redirect that was taken for an answer', () => answered(302, 'x')],
    ['not found', () => answered(404)],
    ['a report', ({ say }) => say({ type: REPORT, body: { code: 'e.p.req.not_enroll' } })],
    ['another message', ({ say }) => say({ type: 'https://example.org/x/1.0/y', body: {} })],
  ];
  test.each(impostures)('%s: nothing is stored, nothing acknowledged', async (_name, answer) => {
    world.mediator.put(await world.fromBob('hi'));
    world.mediator.answer = onlyFor('delivery-request', answer);
    expect(await world.alice.settle()).toBe(false);
    expect(await world.texts()).toEqual([]);
    expect(await world.alice.wallet.db.seen0.count()).toBe(1); // Bob's answer to the invitation
    expect(world.askedFor('messages-received')).toBe(0);
    expect(world.askedFor('delivery-request')).toBe(1);
    expect(await world.mailboxError()).toBe('refused');
    world.mediator.answer = ({ say }) => say();
    expect(await world.alice.settle()).toBe(true);
    expect(await world.texts()).toEqual(['them: hi']);
    expect(await world.mailboxError()).toBe('none');
  });

  test('an answer to an earlier request is no answer to this one', async () => {
    world.mediator.put(await world.fromBob('old'));
    let old: PostOutcome | undefined;
    world.mediator.answer = onlyFor('delivery-request', async ({ say }) => (old ??= await say()));
    expect(await world.alice.settle()).toBe(false); // the second page is the first again
    expect(await world.texts()).toEqual(['them: old']);
    expect(await world.mailboxError()).toBe('refused');
  });

  test.each([
    ['429', answered(429, '', 30_000)],
    ['500', answered(500, 'oops')],
    ['503', answered(503)],
    ['no answer', { kind: 'unreachable' } as const],
  ])('%s: the mailbox is out of reach, and asked again', async (_name, outcome) => {
    world.mediator.put(await world.fromBob('hi'));
    world.mediator.answer = onlyFor('delivery-request', () => outcome);
    expect(await world.alice.settle()).toBe(false);
    expect(await world.mailboxError()).toBe('unreachable');
    const wait = world.alice.timers.at(-1) ?? 0;
    expect(wait).toBeGreaterThanOrEqual(500);
    expect(wait).toBeLessThanOrEqual(30_000);
    world.mediator.answer = ({ say }) => say();
    await world.alice.settle();
    expect(await world.texts()).toEqual(['them: hi']);
  });
});

test('nothing that the mailbox answers touches contacts', async () => {
  const before = await relationsOf(world.alice.wallet);
  world.mediator.answer = ({ say }) => say({ type: REPORT, body: { code: 'e.p.me' } });
  await world.alice.settle();
  expect(await relationsOf(world.alice.wallet)).toEqual(before);
});
