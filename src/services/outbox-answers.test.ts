import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { utf8 } from '../lib/bytes.ts';
import { letter } from '../testing/foreign.ts';
import type { Json } from '../testing/forge.ts';
import { answered, outboxWorld, ROUTE, type OutboxWorld } from '../testing/outbox-world.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { freshMediator } from '../testing/wallets.ts';
import type { PostOutcome } from '../transport/http.ts';
import { retryMessage } from './chat.ts';

// What the wallet makes of what a mailbox answers to its mail.

let mediator: Mediator;
let world: OutboxWorld;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  world = await outboxWorld(mediator.url);
});

const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';

/** A report in an answer, sealed as the test says. */
const report = (
  code: string,
  sign: (content: Json) => Promise<string>,
  from = world.theirs,
  type = REPORT,
): Promise<string> =>
  sign({ id: '1', type, from: from.did, typ: 'application/didcomm-plain+json', body: { code } });
const signedBy =
  ({ signing }: Peer) =>
  (content: Json): Promise<string> =>
    nativeEngine.sign(utf8(JSON.stringify(content)), signing);
const NOT_ENROLLED = 'e.p.req.not_enroll';

describe('an answer and what it means', () => {
  const sent: readonly (readonly [string, () => PostOutcome | Promise<PostOutcome>])[] = [
    ['202', () => answered(202)],
    ['200', () => answered(200)],
    ['204', () => answered(204)],
    ['200 with null', () => answered(200, 'null')],
    ['200 with a page', () => answered(200, '<!doctype html>')],
    ['200 with blanks', () => answered(200, ' \n')],
    [
      '200 with a report that somebody else signed',
      async () => {
        const mallory = await newPeer();
        return answered(200, await report(NOT_ENROLLED, signedBy(mallory), mallory));
      },
    ],
    [
      '200 with a report that somebody else signed in the name of the mailbox',
      async () => answered(200, await report(NOT_ENROLLED, signedBy(await newPeer()))),
    ],
    [
      '200 with a report in the open',
      async () =>
        answered(200, await report(NOT_ENROLLED, async (content) => JSON.stringify(content))),
    ],
    [
      '200 with a report that is signed by the key of another DID',
      async () => {
        const { privateKey } = (await newPeer()).signing;
        const by = { ...world.theirs.signing, privateKey };
        return answered(
          200,
          await report(NOT_ENROLLED, (content) =>
            nativeEngine.sign(utf8(JSON.stringify(content)), by),
          ),
        );
      },
    ],
    [
      '200 with a signed warning',
      async () => answered(200, await report('w.m.slow', signedBy(world.theirs))),
    ],
    [
      '200 with something else signed',
      async () =>
        answered(
          200,
          await report(
            NOT_ENROLLED,
            signedBy(world.theirs),
            world.theirs,
            'https://example.org/x/1.0/y',
          ),
        ),
    ],
    [
      '200 with an envelope for somebody else',
      async () => {
        const other = await newPeer();
        return answered(200, await letter(world.theirs, other.did, REPORT, { code: NOT_ENROLLED }));
      },
    ],
  ];
  test.each(sent)('%s: sent', async (_name, reply) => {
    const contactId = await world.contactAndText();
    world.answer = reply;
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('sent');
    expect(await world.alice.wallet.db.outbox.count()).toBe(0);
    expect(world.posts.map(({ url }) => url)).toEqual([ROUTE]);
  });

  test.each([200, 202])(
    '%i with a report that the mailbox signed: not delivered',
    async (status) => {
      const contactId = await world.contactAndText();
      world.answer = async () =>
        answered(status, await report(NOT_ENROLLED, signedBy(world.theirs)));
      await world.flush();
      expect(await world.stateOf(contactId)).toBe('failed: not-found');
      expect(await world.alice.wallet.db.outbox.count()).toBe(0);
    },
  );

  test('a report that the mailbox is full says so', async () => {
    const contactId = await world.contactAndText();
    const code = 'e.p.me.res.storage.quota';
    world.answer = async () => answered(200, await report(code, signedBy(world.theirs)));
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('failed: mailbox-full');
  });

  test.each([400, 405, 410, 413, 415, 421])('%i: refused', async (status) => {
    const contactId = await world.contactAndText();
    world.answer = () => answered(status);
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('failed: refused');
    expect(await world.alice.wallet.db.outbox.count()).toBe(0);
  });

  const later: readonly (readonly [string, PostOutcome, number | undefined])[] = [
    ['401', answered(401), undefined],
    ['403', answered(403), undefined],
    ['404', answered(404), undefined],
    ['408', answered(408), undefined],
    ['429', answered(429), undefined],
    ['429 with a delay', answered(429, '', 7_000), 7_000],
    ['500', answered(500), undefined],
    ['502', answered(502), undefined],
    ['503 with a delay', answered(503, '', 60_000), 60_000],
    ['507', answered(507), undefined],
    ['no answer', { kind: 'unreachable' }, undefined],
  ];
  test.each(later)('%s: another try later', async (_name, reply, delay) => {
    const contactId = await world.contactAndText();
    world.answer = () => reply;
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('waiting');
    const [row] = await world.alice.wallet.db.outbox.toArray();
    const wait = (row?.nextAt ?? 0) - world.now;
    if (delay === undefined) expect(wait).toBeGreaterThanOrEqual(500);
    else expect(wait).toBe(delay);
    expect(wait).toBeLessThanOrEqual(delay ?? 1_000);
    await world.flush();
    expect(world.posts).toHaveLength(1); // not due yet
    world.now += wait;
    world.answer = () => answered(202);
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('sent');
    // Rule I10: a retry is the same bytes.
    expect(world.posts).toHaveLength(2);
    expect(world.posts[1]).toEqual(world.posts[0]);
  });

  test.each([
    [507, 'mailbox-full'],
    [401, 'login'],
    [403, 'refused'],
    [404, 'refused'],
  ])('%i again and again is told to the person in the end', async (status, why) => {
    const contactId = await world.contactAndText();
    // Offline for long: that is no word of the mailbox.
    world.answer = () => ({ kind: 'unreachable' });
    for (let i = 0; i < 20; i += 1) {
      await world.flush();
      world.now += 300_000;
    }
    world.answer = () => answered(status);
    for (let i = 0; i < 12; i += 1) {
      expect(await world.stateOf(contactId)).toBe('waiting');
      await world.flush();
      world.now += 300_000;
    }
    expect(await world.stateOf(contactId)).toBe(`failed: ${why}`);
    expect(await world.alice.wallet.db.outbox.count()).toBe(0);
    expect(new Set(world.posts.map(({ packed }) => packed)).size).toBe(1);
  });

  test('404 with a report that the mailbox signed: not delivered', async () => {
    const contactId = await world.contactAndText();
    world.answer = async () => answered(404, await report(NOT_ENROLLED, signedBy(world.theirs)));
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('failed: not-found');
  });

  test('waits grow to five minutes and no further', async () => {
    await world.contactAndText();
    world.answer = () => ({ kind: 'unreachable' });
    const waits: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      await world.flush();
      const [row] = await world.alice.wallet.db.outbox.toArray();
      waits.push((row?.nextAt ?? 0) - world.now);
      world.now = row?.nextAt ?? world.now;
    }
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
    expect(Math.min(...waits.slice(10))).toBeGreaterThanOrEqual(150_000);
  });

  test('a receipt that overtakes the answer is not undone by it', async () => {
    const contactId = await world.contactAndText();
    world.answer = async () => {
      await world.alice.wallet.db.messages.toCollection().modify({ st: 'delivered' });
      return answered(400);
    };
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('delivered');
  });

  test('what failed is sent anew under its old id, in a new envelope', async () => {
    const contactId = await world.contactAndText();
    world.answer = () => answered(400);
    await world.flush();
    const [message] = await world.alice.wallet.db.messages.toArray();
    await Promise.all([
      retryMessage(world.alice.wallet, message?.id ?? '', 'en'),
      retryMessage(world.alice.wallet, message?.id ?? '', 'en'),
    ]);
    expect(await world.alice.wallet.db.outbox.count()).toBe(1);
    world.answer = () => answered(202);
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('sent');
    expect(world.posts).toHaveLength(2);
    expect(world.posts[1]).not.toEqual(world.posts[0]);
    await retryMessage(world.alice.wallet, message?.id ?? '', 'en');
    expect(await world.alice.wallet.db.outbox.count()).toBe(0);
  });
});
