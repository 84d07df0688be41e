import { beforeEach, expect, test } from 'vitest';
import type { Did } from '../did/did.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { resolveDid } from '../did/resolve.ts';
import type { Message } from '../didcomm/plaintext.ts';
import {
  asAttachments,
  befriend,
  contactOf,
  letter,
  publicFace,
  textLetter,
} from '../testing/foreign.ts';
import { forgeJwe, forgeJws } from '../testing/forge.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import {
  scriptedMediator,
  scriptedUrl,
  type ScriptedMediator,
} from '../testing/scripted-mediator.ts';
import { freshWallet, type TestWallet } from '../testing/wallets.ts';
import type { ConnectLive, LiveSocketEvents } from '../transport/websocket.ts';
import { sendText } from './chat.ts';
import { readyMediator } from './mediators.ts';
import { MAILBOX_LIVE } from './status.ts';

// The live connection while a page is visible, against a mailbox that a test plays.

const ORIGIN = 'http://localhost:8080';
const SOCKET = 'ws://localhost:9/ws';
const DELIVERY = 'https://didcomm.org/messagepickup/3.0/delivery';
const STATUS = 'https://didcomm.org/messagepickup/3.0/status';

interface Played {
  readonly url: string;
  readonly events: LiveSocketEvents;
  readonly sent: string[];
  open: boolean;
}

let mediator: ScriptedMediator;
let alice: TestWallet;
let bob: Peer;
let bobId: string;
let bobsAlice: Did;
let account: Did;
let sockets: Played[];
let timers: { readonly run: () => void; readonly ms: number }[];
let offsetMs: number;

const connectLive: ConnectLive = (url, events) => {
  const socket: Played = { url, events, sent: [], open: false };
  sockets.push(socket);
  return {
    send: (packed) => socket.sent.push(packed),
    close: () => {
      socket.open = false;
      events.onClose();
    },
    get open() {
      return socket.open;
    },
  };
};

beforeEach(async () => {
  const services = [scriptedUrl, SOCKET].map((uri) => ({ uri, accept: ['didcomm/v2'] }));
  mediator = await scriptedMediator(await newPeer(services));
  sockets = [];
  timers = [];
  offsetMs = 0;
  alice = await freshWallet('Alice', ORIGIN, {
    http: mediator.http,
    connectLive,
    clock: { now: () => Date.now() + offsetMs },
    setTimer: (run, ms) => timers.push({ run, ms }),
  });
  await alice.settle();
  bob = await newPeer();
  bobId = await befriend(alice, ORIGIN, bob);
  bobsAlice = (await contactOf(alice.wallet, bobId)).payload.myDid;
  account = (await readyMediator(alice.wallet))?.myDid ?? bobsAlice;
  await alice.settle();
  mediator.asked.length = 0;
});

const fromBob = (content: string): Promise<string> => textLetter(bob, bobsAlice, content);
const texts = async (): Promise<string[]> => (await alice.chat(bobId)).map(({ text }) => text);
const requests = (name: string): number =>
  mediator.asked.filter(({ type }) => type.endsWith(name)).length;
const frame = (...packed: readonly string[]): Promise<string> =>
  letter(mediator.peer, account, DELIVERY, {}, { attachments: asAttachments(packed) });
const settled = (): Promise<boolean> => alice.engine.wake('timer');

/** What the wallet said over the socket. */
async function said(socket: Played): Promise<Message[]> {
  return Promise.all(
    socket.sent.map(async (packed) => {
      const opened = await openEnvelope(packed, {
        engine: nativeEngine,
        secrets: mediator.peer.secrets,
        resolve: resolveDid,
        now: Date.now(),
      });
      if (opened.kind !== 'ok') throw new Error(opened.kind);
      return opened.inbound.message;
    }),
  );
}
const acknowledgements = async (socket: Played): Promise<Message[]> =>
  (await said(socket)).filter(({ type }) => type.endsWith('messages-received'));

/** A page is visible, and its socket open. */
async function live(): Promise<Played> {
  await alice.engine.wake('visible');
  const socket = sockets.at(-1);
  if (!socket) throw new Error('not connected');
  socket.open = true;
  socket.events.onOpen();
  await settled();
  mediator.asked.length = 0;
  return socket;
}

test('only a visible page connects; then live delivery is asked for and the mailbox emptied once (I32)', async () => {
  await alice.engine.wake('push');
  expect(sockets).toEqual([]);
  await alice.engine.wake('visible');
  await alice.engine.wake('visible');
  expect(sockets.map(({ url }) => url)).toEqual([SOCKET]);
  const [socket] = sockets;
  if (!socket) throw new Error('not connected');
  mediator.asked.length = 0;
  mediator.put(await fromBob('waited'));
  socket.open = true;
  socket.events.onOpen();
  await settled();
  expect((await said(socket)).map(({ type, body }) => [type.split('/').at(-1), body])).toEqual([
    ['live-delivery-change', { live_delivery: true }],
  ]);
  expect(await texts()).toEqual(['them: waited']);
  expect((await alice.wallet.db.settings.get(MAILBOX_LIVE))?.value).toBe(true);
});

test('what is pushed shows, and is acknowledged once it is on disk', async () => {
  const socket = await live();
  socket.events.onEnvelope(await frame(await fromBob('one'), await fromBob('two')));
  await settled();
  expect(await texts()).toEqual(['them: one', 'them: two']);
  const [acknowledgement] = await acknowledgements(socket);
  expect(acknowledgement?.body['message_id_list']).toHaveLength(2);
  expect(acknowledgement?.return_route).toBe('all');
  expect(requests('delivery-request')).toBe(0);
});

test('what is pushed twice shows once, and is acknowledged twice', async () => {
  const socket = await live();
  const packed = await fromBob('once');
  socket.events.onEnvelope(await frame(packed));
  socket.events.onEnvelope(await frame(packed));
  await settled();
  expect(await texts()).toEqual(['them: once']);
  expect(await acknowledgements(socket)).toHaveLength(2);
});

test('frames that the mailbox did not write do nothing', async () => {
  const socket = await live();
  const delivery = async (from: Peer) => ({
    id: 'x',
    type: DELIVERY,
    from: from.did,
    to: [account],
    body: {},
    attachments: asAttachments([await fromBob('forged')]),
  });
  const { agreement } = await publicFace(account);
  const mallory = await newPeer();
  const frames = [
    await forgeJwe({ content: await delivery(mallory), from: mallory.agreement, to: [agreement] }),
    await forgeJwe({
      content: await delivery(mediator.peer),
      from: mallory.agreement,
      to: [agreement],
    }),
    await forgeJwe({ content: await delivery(mediator.peer), to: [agreement] }),
    await forgeJws({ content: await delivery(mediator.peer), by: mediator.peer.signing }),
    JSON.stringify(await delivery(mediator.peer)),
    await letter(bob, account, DELIVERY, {}, { attachments: asAttachments([await fromBob('x')]) }),
    await letter(mediator.peer, account, 'https://example.org/x/1.0/y', {}),
    await letter(mediator.peer, account, DELIVERY, {}),
    await letter(mediator.peer, bobsAlice, DELIVERY, {}),
    '',
    'null',
    '[]',
    'x'.repeat(2_000_000),
  ];
  for (const one of frames) socket.events.onEnvelope(one);
  await settled();
  expect(await texts()).toEqual([]);
  expect(await acknowledgements(socket)).toEqual([]);
  expect(await alice.wallet.db.inbox.count()).toBe(0);
  socket.events.onEnvelope(await frame(await fromBob('real')));
  await settled();
  expect(await texts()).toEqual(['them: real']);
  expect(alice.failures).toEqual([]);
});

test('a flood of frames is not kept: the mailbox has it all, in order', async () => {
  const socket = await live();
  const packed = await Promise.all(Array.from({ length: 130 }, (_, i) => fromBob(String(i))));
  const frames = await Promise.all(packed.map((one) => frame(one)));
  packed.forEach((one) => mediator.put(one));
  frames.forEach((one) => socket.events.onEnvelope(one));
  await settled();
  expect(await texts()).toEqual(packed.map((_, i) => `them: ${i}`));
  expect(requests('delivery-request')).toBeGreaterThan(0);
  expect(mediator.mailbox).toEqual([]);
});

test('a status that says there is more is followed by fetching it', async () => {
  const socket = await live();
  mediator.put(await fromBob('not pushed'));
  socket.events.onEnvelope(await letter(mediator.peer, account, STATUS, { message_count: 1 }));
  await settled();
  expect(await texts()).toEqual(['them: not pushed']);
});

test('a status that says nothing sensible is not followed', async () => {
  const socket = await live();
  for (const message_count of [0, -1, '1', null, {}])
    socket.events.onEnvelope(await letter(mediator.peer, account, STATUS, { message_count }));
  await settled();
  expect(requests('delivery-request')).toBe(0);
});

test('text on its way out asks for no mail while the socket brings it', async () => {
  await live();
  await sendText(alice.wallet, bobId, 'hi', 'en');
  await alice.engine.wake('enqueued');
  expect(requests('delivery-request')).toBe(0);
});

test.each([
  ['and the clock stays', 0],
  ['and the clock goes a day back', -24 * 3600 * 1000],
  ['and the clock goes to 2038', Date.UTC(2038, 0, 20) - Date.now()],
])('a socket that breaks is opened again a moment later, %s', async (_name, jump) => {
  const socket = await live();
  timers.length = 0;
  socket.open = false;
  socket.events.onClose();
  await settled();
  expect(sockets).toHaveLength(1);
  const timer = timers.find(({ ms }) => ms <= 1_000);
  offsetMs = jump;
  timer?.run();
  await settled();
  expect(sockets).toHaveLength(2);
  expect((await alice.wallet.db.settings.get(MAILBOX_LIVE))?.value).toBe(false);
  // The old one's last words are nobody's.
  socket.events.onClose();
  await settled();
  expect(sockets).toHaveLength(2);
});

test('sockets that never open are tried ever less often', async () => {
  await alice.engine.wake('visible');
  const waits: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    timers.length = 0;
    sockets.at(-1)?.events.onClose();
    await settled();
    const timer = timers.at(0);
    waits.push(timer?.ms ?? 0);
    timer?.run();
    await settled();
  }
  expect(sockets).toHaveLength(9);
  expect(waits[0]).toBeLessThanOrEqual(1_000);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(60_000);
});

const hide = (): void => {
  timers.length = 0;
  alice.engine.hidden();
};

test.each([
  ['', 0],
  [', though the clock goes back', -24 * 3600 * 1000],
])('hidden, the socket goes after a while%s', async (_name, jump) => {
  const socket = await live();
  hide();
  offsetMs = jump;
  timers.forEach(({ run }) => run());
  expect(socket.open).toBe(false);
  await settled();
  expect(sockets).toHaveLength(1);
  expect((await alice.wallet.db.settings.get(MAILBOX_LIVE))?.value).toBe(false);
});

test('seen again in time, the socket stays', async () => {
  const socket = await live();
  hide();
  await alice.engine.wake('visible');
  timers.forEach(({ run }) => run());
  expect(socket.open).toBe(true);
});
