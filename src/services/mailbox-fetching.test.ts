import { beforeEach, describe, expect, test } from 'vitest';
import type { Did } from '../did/did.ts';
import { createPeer4 } from '../did/peer4-create.ts';
import { befriend, contactOf, openInvitation, textLetter } from '../testing/foreign.ts';
import {
  DELIVERY,
  mailboxWorld,
  onlyFor,
  ORIGIN,
  type MailboxWorld,
} from '../testing/mailbox-world.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import {
  answered,
  scriptedMediator,
  scriptedUrl,
  type Request,
  type ScriptedMediator,
} from '../testing/scripted-mediator.ts';
import { freshWallet } from '../testing/wallets.ts';
import type { PostOutcome } from '../transport/http.ts';

// How mail is fetched, stored and acknowledged (R41, I24-I34).

let world: MailboxWorld;
beforeEach(async () => {
  world = await mailboxWorld();
});

describe('an empty mailbox', () => {
  test.each<readonly [string, (request: Request) => PostOutcome | Promise<PostOutcome>]>([
    ['a status', ({ say }) => say()],
    ['a delivery of nothing', ({ say }) => say({ type: DELIVERY, body: {}, attachments: [] })],
    ['a delivery without attachments', ({ say }) => say({ type: DELIVERY, body: {} })],
    ['no content', () => answered(202)],
    ['blanks', () => answered(200, ' \n')],
  ])('is %s', async (_name, answer) => {
    world.mediator.answer = onlyFor('delivery-request', answer);
    expect(await world.alice.settle()).toBe(true);
    expect(await world.mailboxError()).toBe('none');
    expect(world.askedFor('delivery-request')).toBe(1);
  });
});

describe('fetching', () => {
  test('envelopes are read in every form that mediators send (I24)', async () => {
    const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map(world.fromBob));
    const padded = btoa(a ?? '');
    world.mediator.mailbox.push(
      { id: '1', data: { base64: padded } },
      { id: '2', data: { base64: btoa(b ?? '').replace(/=+$/, '') } },
      { id: '3', data: { json: JSON.parse(c ?? '') as unknown } },
      { id: '4', data: { json: d } },
    );
    await world.alice.settle();
    expect(await world.texts()).toEqual(['them: a', 'them: b', 'them: c', 'them: d']);
    expect(world.mediator.mailbox).toEqual([]);
  });

  test('pages follow each other until nothing is left (I34), in order', async () => {
    for (let i = 0; i < 45; i += 1) world.mediator.put(await world.fromBob(String(i)));
    expect(await world.alice.settle()).toBe(true);
    expect(await world.texts()).toEqual(Array.from({ length: 45 }, (_, i) => `them: ${i}`));
    expect(world.askedFor('delivery-request')).toBe(4);
    expect(world.askedFor('messages-received')).toBe(3);
  });

  test('mail is on disk before it is acknowledged (I26)', async () => {
    world.mediator.put(await world.fromBob('hi'));
    let stored = -1;
    world.mediator.answer = onlyFor('messages-received', async ({ say }) => {
      stored = await world.alice.wallet.db.seen0.count();
      return say();
    });
    await world.alice.settle();
    expect(stored).toBe(2);
  });

  test('poison in a page does not stop the page (I48)', async () => {
    world.mediator.put('{"ciphertext":"x"}');
    world.mediator.put(await world.fromBob('one'));
    world.mediator.mailbox.push({ id: 'links', data: { links: ['https://evil.example/'] } });
    world.mediator.put('no JSON');
    world.mediator.put(await world.fromBob('two'));
    expect(await world.alice.settle()).toBe(true);
    expect(await world.texts()).toEqual(['them: one', 'them: two']);
    expect(world.mediator.mailbox).toEqual([]);
    expect(await world.alice.wallet.db.quarantine.count()).toBe(2);
  });

  test('nor do items of another shape: what is sound of them counts (I48)', async () => {
    const item = (content: string) =>
      world.fromBob(content).then((text) => ({ json: JSON.parse(text) }));
    const odd: readonly unknown[] = [
      { id: 'no data' },
      { id: 'data of text', data: 'x' },
      { id: 'data of null', data: null },
      { id: 'numbers', media_type: 4, description: 5, data: await item('one') },
      { id: 'nulls', media_type: null, data: { base64: null, ...(await item('two')) } },
    ];
    world.mediator.mailbox.push(...(odd as ScriptedMediator['mailbox']));
    world.mediator.put(await world.fromBob('three'));
    expect(await world.alice.settle()).toBe(true);
    expect(await world.texts()).toEqual(['them: one', 'them: two', 'them: three']);
    expect(world.mediator.mailbox).toEqual([]);
  });

  test('a mediator that is known by its did:peer:4 answers by the short form (I50)', async () => {
    const peer = await newPeer();
    const { long, short } = await createPeer4({
      agreement: peer.agreement.publicBytes,
      signing: peer.signing.publicBytes,
      services: [{ uri: scriptedUrl }],
    });
    const under = (did: Did): Peer => ({
      ...peer,
      did,
      agreement: { ...peer.agreement, kid: `${did}#key-1` },
      secrets: { agreementKey: async () => peer.agreement.privateKey },
    });
    const other = await scriptedMediator(under(long));
    other.answer = ({ say }) => say(undefined, {}, under(short));
    const carol = await freshWallet('Carol', ORIGIN, {
      http: other.http,
      setTimer: () => undefined,
    });
    await carol.settle();
    const id = await befriend(carol, ORIGIN, world.bob);
    await carol.settle();
    const { myDid } = (await contactOf(carol.wallet, id)).payload;
    other.put(await textLetter(world.bob, myDid, 'hello'));
    expect(await carol.settle()).toBe(true);
    expect((await carol.chat(id)).map(({ text }) => text)).toEqual(['them: hello']);
    // Of somebody else's nothing is known.
    const stranger = await newPeer();
    const foreign = await createPeer4({
      agreement: stranger.agreement.publicBytes,
      signing: stranger.signing.publicBytes,
      services: [],
    });
    other.put(await textLetter(world.bob, myDid, 'not fetched'));
    other.answer = ({ say }) =>
      say(
        undefined,
        {},
        {
          ...stranger,
          did: foreign.short,
          agreement: { ...stranger.agreement, kid: `${foreign.short}#key-1` },
        },
      );
    expect(await carol.settle()).toBe(false);
    expect(other.mailbox).toHaveLength(1);
  });

  test('a mediator that takes one id at a time is served so (I26)', async () => {
    for (const text of ['a', 'b', 'c']) world.mediator.put(await world.fromBob(text));
    world.mediator.answer = onlyFor('messages-received', ({ message, say }) => {
      const ids = message.body['message_id_list'] as string[];
      if (ids.length > 1) world.mediator.mailbox.unshift(...waiting.slice(1));
      return say();
    });
    const waiting = [...world.mediator.mailbox];
    expect(await world.alice.settle()).toBe(true);
    expect(await world.texts()).toEqual(['them: a', 'them: b', 'them: c']);
    expect(world.mediator.mailbox).toEqual([]);
    expect(world.askedFor('messages-received')).toBe(3); // all three, then the two that came back
  });

  test('a mediator that takes no acknowledgement is not asked without end', async () => {
    for (const text of ['a', 'b']) world.mediator.put(await world.fromBob(text));
    const waiting = [...world.mediator.mailbox];
    world.mediator.answer = onlyFor('messages-received', ({ say }) => {
      world.mediator.mailbox.splice(0, Infinity, ...waiting);
      return say();
    });
    expect(await world.alice.settle()).toBe(false);
    expect(await world.texts()).toEqual(['them: a', 'them: b']);
    expect(world.askedFor('delivery-request')).toBe(3);
    expect(await world.mailboxError()).toBe('refused');
  });

  test('mail without an id shows, and is not asked for without end', async () => {
    const json = JSON.parse(await world.fromBob('nameless')) as unknown;
    world.mediator.mailbox.push({ data: { json } });
    expect(await world.alice.settle()).toBe(false);
    expect(await world.texts()).toEqual(['them: nameless']);
    expect(world.askedFor('delivery-request')).toBe(1);
  });

  test.each([
    ['silence', () => answered(202)],
    ['a status', ({ say }: Request) => say()],
  ])('%s answers an acknowledgement well (I27)', async (_name, answer) => {
    world.mediator.put(await world.fromBob('hi'));
    world.mediator.answer = onlyFor('messages-received', answer);
    expect(await world.alice.settle()).toBe(true);
  });

  test('an acknowledgement that is lost is given again, and the mail shows once', async () => {
    world.mediator.put(await world.fromBob('hi'));
    world.mediator.answer = onlyFor('messages-received', () => ({ kind: 'unreachable' }));
    expect(await world.alice.settle()).toBe(false);
    world.mediator.answer = ({ say }) => say();
    expect(await world.alice.settle()).toBe(true);
    expect(await world.texts()).toEqual(['them: hi']);
    expect(world.mediator.mailbox).toEqual([]);
  });

  test('a request that is repeated is a new message in a new envelope (I9)', async () => {
    const ids: string[] = [];
    world.mediator.answer = ({ message, say }) => {
      ids.push(message.id);
      return message.type.endsWith('delivery-request') ? { kind: 'unreachable' } : say();
    };
    await world.alice.settle();
    await world.alice.settle();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(2);
  });

  test('a long backlog is fetched in stretches, and what is to be sent leaves in between', async () => {
    const order: string[] = [];
    world.mediator.answer = async ({ message, say }) => {
      const { type } = message;
      if (type.endsWith('recipient-update')) order.push('update');
      if (!type.endsWith('delivery-request')) return say();
      order.push('page');
      if (order.length === 2) await openInvitation(world.alice, ORIGIN, true);
      const garbage = { id: `garbage-${order.length}`, data: {} };
      return say({ type: DELIVERY, body: {}, attachments: order.length < 40 ? [garbage] : [] });
    };
    expect(await world.alice.settle()).toBe(true);
    expect(order.indexOf('update')).toBe(25);
    expect(order).toHaveLength(40);
  });
});
