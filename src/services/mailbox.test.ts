import { beforeEach, describe, expect, test } from 'vitest';
import { forgeJwe, forgeJws } from '../testing/forge.ts';
import {
  befriend,
  contactOf,
  openInvitation,
  publicFace,
  relationsOf,
  textLetter,
} from '../testing/foreign.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import {
  answered,
  REPORT,
  scriptedMediator,
  scriptedUrl,
  type Request,
  type ScriptedMediator,
} from '../testing/scripted-mediator.ts';
import { freshWallet, type TestWallet } from '../testing/wallets.ts';
import type { PostOutcome } from '../transport/http.ts';
import type { Did } from '../did/did.ts';
import { createPeer4 } from '../did/peer4-create.ts';
import { MAILBOX_ERROR } from './status.ts';

// What the mailbox, or somebody in its place, may answer to the wallet (rules R41, R42, I17, I24-I34).

const ORIGIN = 'http://localhost:8080';
const DELIVERY = 'https://didcomm.org/messagepickup/3.0/delivery';
let mediator: ScriptedMediator;
let alice: TestWallet;
let bob: Peer;
let bobId: string;
let bobsAlice: Did;

beforeEach(async () => {
  mediator = await scriptedMediator();
  alice = await freshWallet('Alice', ORIGIN, {
    http: mediator.http,
    setTimer: () => undefined,
  });
  await alice.settle();
  bob = await newPeer();
  bobId = await befriend(alice, ORIGIN, bob);
  bobsAlice = (await contactOf(alice.wallet, bobId)).payload.myDid;
  await alice.settle();
  mediator.asked.length = 0;
});

const fromBob = (content: string): Promise<string> => textLetter(bob, bobsAlice, content);
const texts = async (): Promise<string[]> => (await alice.chat(bobId)).map(({ text }) => text);
const mailboxError = async (): Promise<unknown> =>
  (await alice.wallet.db.settings.get(MAILBOX_ERROR))?.value;
const askedFor = (name: string): number =>
  mediator.asked.filter(({ type }) => type.endsWith(name)).length;

/** Answers requests of one type otherwise. */
const onlyFor =
  (name: string, answer: ScriptedMediator['answer']): ScriptedMediator['answer'] =>
  (request) =>
    request.message.type.endsWith(name) ? answer(request) : request.say();

describe('mail counts only from the mediator itself, in answer to the request', () => {
  const face = async (account: Did) => (await publicFace(account)).agreement;
  const contentOf = ({ message, account, reply }: Request) => ({
    id: 'x',
    from: mediator.peer.did,
    to: [account],
    thid: message.id,
    ...reply,
  });
  const impostures: readonly (readonly [
    string,
    (request: Request) => PostOutcome | Promise<PostOutcome>,
  ])[] = [
    ['sealed by somebody else', async ({ say }) => say(undefined, {}, await newPeer())],
    ['sealed by a contact', ({ say }) => say(undefined, {}, bob)],
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
        answered(200, await forgeJws({ content: contentOf(request), by: mediator.peer.signing })),
    ],
    [
      'signed, sealed by nobody',
      async (request) =>
        answered(
          200,
          await forgeJwe({
            content: await forgeJws({ content: contentOf(request), by: mediator.peer.signing }),
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
    mediator.put(await fromBob('hi'));
    mediator.answer = onlyFor('delivery-request', answer);
    expect(await alice.settle()).toBe(false);
    expect(await texts()).toEqual([]);
    expect(await alice.wallet.db.seen0.count()).toBe(1); // Bob's answer to the invitation
    expect(askedFor('messages-received')).toBe(0);
    expect(askedFor('delivery-request')).toBe(1);
    expect(await mailboxError()).toBe('refused');
    mediator.answer = ({ say }) => say();
    expect(await alice.settle()).toBe(true);
    expect(await texts()).toEqual(['them: hi']);
    expect(await mailboxError()).toBe('none');
  });

  test('an answer to an earlier request is no answer to this one', async () => {
    mediator.put(await fromBob('old'));
    let old: PostOutcome | undefined;
    mediator.answer = onlyFor('delivery-request', async ({ say }) => (old ??= await say()));
    expect(await alice.settle()).toBe(false); // the second page is the first again
    expect(await texts()).toEqual(['them: old']);
    expect(await mailboxError()).toBe('refused');
  });

  test.each([
    ['429', answered(429, '', 30_000)],
    ['500', answered(500, 'oops')],
    ['503', answered(503)],
    ['no answer', { kind: 'unreachable' } as const],
  ])('%s: the mailbox is out of reach, and asked again', async (_name, outcome) => {
    mediator.put(await fromBob('hi'));
    mediator.answer = onlyFor('delivery-request', () => outcome);
    expect(await alice.settle()).toBe(false);
    expect(await mailboxError()).toBe('unreachable');
    const wait = alice.timers.at(-1) ?? 0;
    expect(wait).toBeGreaterThanOrEqual(500);
    expect(wait).toBeLessThanOrEqual(30_000);
    mediator.answer = ({ say }) => say();
    await alice.settle();
    expect(await texts()).toEqual(['them: hi']);
  });
});

describe('an empty mailbox', () => {
  test.each<readonly [string, (request: Request) => PostOutcome | Promise<PostOutcome>]>([
    ['a status', ({ say }) => say()],
    ['a delivery of nothing', ({ say }) => say({ type: DELIVERY, body: {}, attachments: [] })],
    ['a delivery without attachments', ({ say }) => say({ type: DELIVERY, body: {} })],
    ['no content', () => answered(202)],
    ['blanks', () => answered(200, ' \n')],
  ])('is %s', async (_name, answer) => {
    mediator.answer = onlyFor('delivery-request', answer);
    expect(await alice.settle()).toBe(true);
    expect(await mailboxError()).toBe('none');
    expect(askedFor('delivery-request')).toBe(1);
  });
});

describe('fetching', () => {
  test('envelopes are read in every form that mediators send (I24)', async () => {
    const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map(fromBob));
    const padded = btoa(a ?? '');
    mediator.mailbox.push(
      { id: '1', data: { base64: padded } },
      { id: '2', data: { base64: btoa(b ?? '').replace(/=+$/, '') } },
      { id: '3', data: { json: JSON.parse(c ?? '') as unknown } },
      { id: '4', data: { json: d } },
    );
    await alice.settle();
    expect(await texts()).toEqual(['them: a', 'them: b', 'them: c', 'them: d']);
    expect(mediator.mailbox).toEqual([]);
  });

  test('pages follow each other until nothing is left (I34), in order', async () => {
    for (let i = 0; i < 45; i += 1) mediator.put(await fromBob(String(i)));
    expect(await alice.settle()).toBe(true);
    expect(await texts()).toEqual(Array.from({ length: 45 }, (_, i) => `them: ${i}`));
    expect(askedFor('delivery-request')).toBe(4);
    expect(askedFor('messages-received')).toBe(3);
  });

  test('mail is on disk before it is acknowledged (I26)', async () => {
    mediator.put(await fromBob('hi'));
    let stored = -1;
    mediator.answer = onlyFor('messages-received', async ({ say }) => {
      stored = await alice.wallet.db.seen0.count();
      return say();
    });
    await alice.settle();
    expect(stored).toBe(2);
  });

  test('poison in a page does not stop the page (I48)', async () => {
    mediator.put('{"ciphertext":"x"}');
    mediator.put(await fromBob('one'));
    mediator.mailbox.push({ id: 'links', data: { links: ['https://evil.example/'] } });
    mediator.put('no JSON');
    mediator.put(await fromBob('two'));
    expect(await alice.settle()).toBe(true);
    expect(await texts()).toEqual(['them: one', 'them: two']);
    expect(mediator.mailbox).toEqual([]);
    expect(await alice.wallet.db.quarantine.count()).toBe(2);
  });

  test('nor do items of another shape: what is sound of them counts (I48)', async () => {
    const item = (content: string) => fromBob(content).then((text) => ({ json: JSON.parse(text) }));
    const odd: readonly unknown[] = [
      { id: 'no data' },
      { id: 'data of text', data: 'x' },
      { id: 'data of null', data: null },
      { id: 'numbers', media_type: 4, description: 5, data: await item('one') },
      { id: 'nulls', media_type: null, data: { base64: null, ...(await item('two')) } },
    ];
    mediator.mailbox.push(...(odd as ScriptedMediator['mailbox']));
    mediator.put(await fromBob('three'));
    expect(await alice.settle()).toBe(true);
    expect(await texts()).toEqual(['them: one', 'them: two', 'them: three']);
    expect(mediator.mailbox).toEqual([]);
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
    const id = await befriend(carol, ORIGIN, bob);
    await carol.settle();
    const { myDid } = (await contactOf(carol.wallet, id)).payload;
    other.put(await textLetter(bob, myDid, 'hello'));
    expect(await carol.settle()).toBe(true);
    expect((await carol.chat(id)).map(({ text }) => text)).toEqual(['them: hello']);
    // Of somebody else's nothing is known.
    const stranger = await newPeer();
    const foreign = await createPeer4({
      agreement: stranger.agreement.publicBytes,
      signing: stranger.signing.publicBytes,
      services: [],
    });
    other.put(await textLetter(bob, myDid, 'not fetched'));
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
    for (const text of ['a', 'b', 'c']) mediator.put(await fromBob(text));
    mediator.answer = onlyFor('messages-received', ({ message, say }) => {
      const ids = message.body['message_id_list'] as string[];
      if (ids.length > 1) mediator.mailbox.unshift(...waiting.slice(1));
      return say();
    });
    const waiting = [...mediator.mailbox];
    expect(await alice.settle()).toBe(true);
    expect(await texts()).toEqual(['them: a', 'them: b', 'them: c']);
    expect(mediator.mailbox).toEqual([]);
    expect(askedFor('messages-received')).toBe(3); // all three, then the two that came back
  });

  test('a mediator that takes no acknowledgement is not asked without end', async () => {
    for (const text of ['a', 'b']) mediator.put(await fromBob(text));
    const waiting = [...mediator.mailbox];
    mediator.answer = onlyFor('messages-received', ({ say }) => {
      mediator.mailbox.splice(0, Infinity, ...waiting);
      return say();
    });
    expect(await alice.settle()).toBe(false);
    expect(await texts()).toEqual(['them: a', 'them: b']);
    expect(askedFor('delivery-request')).toBe(3);
    expect(await mailboxError()).toBe('refused');
  });

  test('mail without an id shows, and is not asked for without end', async () => {
    const json = JSON.parse(await fromBob('nameless')) as unknown;
    mediator.mailbox.push({ data: { json } });
    expect(await alice.settle()).toBe(false);
    expect(await texts()).toEqual(['them: nameless']);
    expect(askedFor('delivery-request')).toBe(1);
  });

  test.each([
    ['silence', () => answered(202)],
    ['a status', ({ say }: Request) => say()],
  ])('%s answers an acknowledgement well (I27)', async (_name, answer) => {
    mediator.put(await fromBob('hi'));
    mediator.answer = onlyFor('messages-received', answer);
    expect(await alice.settle()).toBe(true);
  });

  test('an acknowledgement that is lost is given again, and the mail shows once', async () => {
    mediator.put(await fromBob('hi'));
    mediator.answer = onlyFor('messages-received', () => ({ kind: 'unreachable' }));
    expect(await alice.settle()).toBe(false);
    mediator.answer = ({ say }) => say();
    expect(await alice.settle()).toBe(true);
    expect(await texts()).toEqual(['them: hi']);
    expect(mediator.mailbox).toEqual([]);
  });

  test('a request that is repeated is a new message in a new envelope (I9)', async () => {
    const ids: string[] = [];
    mediator.answer = ({ message, say }) => {
      ids.push(message.id);
      return message.type.endsWith('delivery-request') ? { kind: 'unreachable' } : say();
    };
    await alice.settle();
    await alice.settle();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(2);
  });

  test('a long backlog is fetched in stretches, and what is to be sent leaves in between', async () => {
    const order: string[] = [];
    mediator.answer = async ({ message, say }) => {
      const { type } = message;
      if (type.endsWith('recipient-update')) order.push('update');
      if (!type.endsWith('delivery-request')) return say();
      order.push('page');
      if (order.length === 2) await openInvitation(alice, ORIGIN, true);
      const garbage = { id: `garbage-${order.length}`, data: {} };
      return say({ type: DELIVERY, body: {}, attachments: order.length < 40 ? [garbage] : [] });
    };
    expect(await alice.settle()).toBe(true);
    expect(order.indexOf('update')).toBe(25);
    expect(order).toHaveLength(40);
  });
});

describe('registering an address', () => {
  type Answer = (request: Request) => PostOutcome | Promise<PostOutcome>;
  const UPDATED = 'https://didcomm.org/coordinate-mediation/3.0/recipient-update-response';
  const resultFor = (did: Did, result: string, member = 'updated') => ({
    type: UPDATED,
    body: { [member]: [{ recipient_did: did, action: 'add', result }] },
  });
  const stateOf = async (rowId: string) => (await alice.wallet.db.invitations.get(rowId))?.state;

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
          say(undefined, {}, bob),
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
    const { rowId, did } = await openInvitation(alice, ORIGIN, true);
    mediator.answer = onlyFor('recipient-update', answerFor(did));
    expect(await alice.settle()).toBe(false);
    expect(await stateOf(rowId)).toBe('preparing');
    const [job] = await alice.wallet.db.jobs.toArray();
    expect(job?.nextAt).toBeGreaterThan(Date.now() - 1_000);
    expect(askedFor('recipient-update')).toBe(1);
    mediator.answer = ({ say }) => say();
    expect(await alice.settle()).toBe(true);
    expect(await stateOf(rowId)).toBe('live');
    expect(await alice.wallet.db.jobs.count()).toBe(0);
  });

  test.each([
    ['success', 'updated'],
    ['no_change', 'updated'],
    ['success', 'updates'], // Veramo (I17)
  ])('%s in %s makes the invitation live', async (result, member) => {
    const { rowId, did } = await openInvitation(alice, ORIGIN, true);
    mediator.answer = onlyFor('recipient-update', ({ say }) => say(resultFor(did, result, member)));
    await alice.settle();
    expect(await stateOf(rowId)).toBe('live');
  });

  test('a DID that the mailbox will not have is not asked for again, and never shown', async () => {
    const { rowId, did } = await openInvitation(alice, ORIGIN, true);
    mediator.answer = onlyFor('recipient-update', ({ say }) => say(resultFor(did, 'client_error')));
    await alice.settle();
    expect(await stateOf(rowId)).toBe('preparing');
    expect(await alice.wallet.db.jobs.count()).toBe(0);
  });

  test('many are registered in messages of twenty', async () => {
    for (let i = 0; i < 45; i += 1) await openInvitation(alice, ORIGIN, true);
    expect(await alice.settle()).toBe(true);
    const sizes = mediator.asked.flatMap(({ type, body }) =>
      type.endsWith('recipient-update') ? [(body['updates'] as unknown[]).length] : [],
    );
    expect(sizes).toEqual([20, 20, 5]);
    const states = (await alice.wallet.db.invitations.toArray()).map(({ state }) => state);
    expect(states.filter((state) => state === 'live')).toHaveLength(45);
  });

  test('mail to an address that waits for registration changes nothing about it', async () => {
    const { rowId } = await openInvitation(alice, ORIGIN, true);
    mediator.answer = onlyFor('recipient-update', () => ({ kind: 'unreachable' }));
    mediator.put(await fromBob('meanwhile'));
    expect(await alice.settle()).toBe(false);
    expect(await texts()).toEqual(['them: meanwhile']);
    expect(await stateOf(rowId)).toBe('preparing');
  });
});

test('nothing that the mailbox answers touches contacts', async () => {
  const before = await relationsOf(alice.wallet);
  mediator.answer = ({ say }) => say({ type: REPORT, body: { code: 'e.p.me' } });
  await alice.settle();
  expect(await relationsOf(alice.wallet)).toEqual(before);
});
