import { expect, test } from 'vitest';
import { encodeKey } from '../crypto/multicodec.ts';
import type { Did } from '../did/did.ts';
import { openInvitation } from '../testing/foreign.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { base64Url } from '../testing/peer-did.ts';
import {
  answered,
  invitationTo,
  REPORT,
  scriptedMediator,
  scriptedUrl,
  type Request,
  type ScriptedMediator,
} from '../testing/scripted-mediator.ts';
import { freshWallet, type TestWallet } from '../testing/wallets.ts';
import type { PostOutcome } from '../transport/http.ts';
import { createInvitation } from './codes.ts';
import { readyMediator } from './mediators.ts';
import { MAILBOX_ERROR } from './status.ts';

// Setting up the mailbox, with everything that can be in its way.

const LOCAL = 'http://localhost:8080';

const walletAt = (mediator: ScriptedMediator, origin = LOCAL): Promise<TestWallet> =>
  freshWallet('Alice', origin, { http: mediator.http, setTimer: () => undefined });

async function expectNone(alice: TestWallet, error: 'unreachable' | 'refused'): Promise<void> {
  expect(await alice.settle()).toBe(false);
  expect(await readyMediator(alice.wallet)).toBeUndefined();
  expect((await alice.wallet.db.settings.get(MAILBOX_ERROR))?.value).toBe(error);
  expect(await createInvitation(alice.wallet, { origin: LOCAL, autoAccept: true })).toEqual({
    kind: 'no-mailbox',
  });
  const wait = alice.timers.at(-1) ?? 0;
  expect(wait).toBeGreaterThanOrEqual(500);
  expect(wait).toBeLessThanOrEqual(32_000);
  expect(alice.failures).toEqual([]);
}

async function expectMailbox(alice: TestWallet, mediator: ScriptedMediator): Promise<void> {
  expect(await alice.settle()).toBe(true);
  expect(await readyMediator(alice.wallet)).toMatchObject({ routingDid: mediator.peer.did });
  expect((await alice.wallet.db.settings.get(MAILBOX_ERROR))?.value).toBe('none');
  expect(await alice.wallet.db.mediators.count()).toBe(1);
  const { did } = await openInvitation(alice, LOCAL, true);
  await alice.settle();
  expect([...mediator.registered]).toEqual([did]);
}

const unsafe = encodeKey('X25519', new Uint8Array(32));
const withoutSafeKey = async (): Promise<Did> => {
  const signing = (await newPeer()).document.authentication[0]?.multibase ?? '';
  const service = base64Url({ t: 'dm', s: { uri: scriptedUrl } });
  return `did:peer:2.E${unsafe}.V${signing}.S${service}` as Did;
};

const unusable: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['nothing', () => ''],
  ['a page', () => '<!doctype html><title>Parley</title>'],
  ['JSON of something else', () => '{"a":1}'],
  ['a list', () => '[]'],
  ['an older invitation', () => '{"@type":"https://didcomm.org/out-of-band/1.1/invitation"}'],
  ['an invitation to a person', async () => invitationTo((await newPeer()).did, { body: {} })],
  ['an invitation from no DID', () => invitationTo('mediator')],
  ['an invitation from a DID that says nothing', () => invitationTo('did:web:mediator.example')],
  ['an invitation from a broken DID', () => invitationTo('did:peer:2.Ez6LS')],
  ['a mediator without an address', async () => invitationTo((await newPeer()).did)],
  [
    'a mediator behind a DID',
    async () => invitationTo((await newPeer([{ uri: (await newPeer()).did }])).did),
  ],
  [
    'a mediator with a socket only',
    async () => invitationTo((await newPeer([{ uri: 'ws://localhost:9/ws' }])).did),
  ],
  ['a mediator with an unsafe key', async () => invitationTo(await withoutSafeKey())],
  ['too much', () => invitationTo(`did:peer:2.${'E'.repeat(9_000)}`)],
];

test.each(unusable)(
  '/invitation holds %s: no mailbox, until it holds the right thing',
  async (_name, text) => {
    const mediator = await scriptedMediator();
    const right = mediator.invitation;
    mediator.invitation = await text();
    const alice = await walletAt(mediator);
    await expectNone(alice, 'refused');
    expect(mediator.asked).toEqual([]);
    expect(await alice.wallet.db.mediators.count()).toBe(0);
    mediator.invitation = right;
    await expectMailbox(alice, mediator);
  },
);

test('a wallet from a public place takes no mailbox at a local address', async () => {
  const mediator = await scriptedMediator();
  await expectNone(await walletAt(mediator, 'https://parley.example'), 'refused');
  expect(mediator.asked).toEqual([]);
});

test('/invitation is missing, then there', async () => {
  const mediator = await scriptedMediator();
  const { invitation } = mediator;
  mediator.invitation = undefined;
  const alice = await walletAt(mediator);
  await expectNone(alice, 'unreachable');
  mediator.invitation = invitation;
  await expectMailbox(alice, mediator);
});

type Answer = (request: Request) => PostOutcome | Promise<PostOutcome>;
const GRANT = 'https://didcomm.org/coordinate-mediation/3.0/mediate-grant';
const grant =
  (routing_did: unknown): Answer =>
  ({ say }) =>
    say({ type: GRANT, body: { routing_did } });

const refusals: readonly (readonly [string, (mediator: Peer) => Answer | Promise<Answer>])[] = [
  [
    'denied',
    () =>
      ({ say }) =>
        say({ type: GRANT.replace('grant', 'deny'), body: {} }),
  ],
  [
    'reported',
    () =>
      ({ say }) =>
        say({ type: REPORT, body: { code: 'e.p.msg.unsupported' } }),
  ],
  ['granted without a routing DID', () => grant(undefined)],
  ['granted with no routing DIDs', () => grant([])],
  ['granted with a number', () => grant(7)],
  ['granted with what is no DID', () => grant('localhost')],
  ['granted with a DID that says nothing', () => grant(['did:web:mediator.example'])],
  ['granted with a DID that is unsafe to encrypt to', async () => grant([await withoutSafeKey()])],
  [
    'granted by somebody else',
    () =>
      async ({ say }) =>
        say(undefined, {}, await newPeer()),
  ],
  [
    'granted in another thread',
    () =>
      ({ say }) =>
        say(undefined, { thid: 'another' }),
  ],
  ['answered by a page', () => () => answered(200, '<html>')],
  ['not found', () => () => answered(404)],
  ['a bad request', () => () => answered(400)],
  ['answered by silence', () => () => answered(202)],
];
test.each(refusals)('mediation %s: no mailbox; asked anew, it works', async (_name, answerOf) => {
  const mediator = await scriptedMediator();
  const alice = await walletAt(mediator);
  mediator.answer = await answerOf(mediator.peer);
  await expectNone(alice, 'refused');
  await expectNone(alice, 'refused');
  expect(await alice.wallet.db.mediators.count()).toBe(0);
  mediator.answer = ({ say }) => say();
  await expectMailbox(alice, mediator);
});

test.each<[string, PostOutcome]>([
  ['down', { kind: 'unreachable' }],
  ['busy', answered(429, '', 1_000)],
  ['broken', answered(500)],
])(
  'a mediator that is %s when asked is asked again for the same account',
  async (_name, outcome) => {
    const mediator = await scriptedMediator();
    const alice = await walletAt(mediator);
    const accounts = new Set<Did>();
    mediator.answer = ({ account }) => {
      accounts.add(account);
      return outcome;
    };
    await expectNone(alice, 'unreachable');
    await expectNone(alice, 'unreachable');
    expect(accounts.size).toBe(1);
    mediator.answer = ({ account, say }) => {
      accounts.add(account);
      return say();
    };
    await expectMailbox(alice, mediator);
    expect(accounts.size).toBe(1);
  },
);

test.each(['text', 'list'])('a routing DID may be a %s', async (form) => {
  const mediator = await scriptedMediator();
  const { did } = mediator.peer;
  mediator.answer = (request) =>
    request.message.type.endsWith('mediate-request')
      ? grant(form === 'text' ? did : [did, 'did:web:ignored.example'])(request)
      : request.say();
  await expectMailbox(await walletAt(mediator), mediator);
});

test('a mediator that came back with other keys before it granted anything is taken as it is now', async () => {
  const first = await scriptedMediator();
  let current = first;
  const alice = await freshWallet('Alice', LOCAL, {
    http: {
      post: (...args) => current.http.post(...args),
      get: (...args) => current.http.get(...args),
      getText: (path) => current.http.getText(path),
    },
    setTimer: () => undefined,
  });
  first.answer = () => ({ kind: 'unreachable' });
  await expectNone(alice, 'unreachable');
  current = await scriptedMediator();
  await expectNone(alice, 'refused'); // asked in words that it cannot read
  await expectMailbox(alice, current);
});

test('one that is set up is not set up again', async () => {
  const mediator = await scriptedMediator();
  const alice = await walletAt(mediator);
  await expectMailbox(alice, mediator);
  mediator.invitation = undefined;
  expect(await alice.settle()).toBe(true);
  const requests = mediator.asked.filter(({ type }) => type.endsWith('mediate-request'));
  expect(requests).toHaveLength(1);
});
