import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMediator, type MediatorProcess } from '../e2e/mediator-process.ts';
import type { Did } from '../src/did/did.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { utf8 } from '../src/lib/bytes.ts';
import { enrol, type AccountAt } from '../src/testing/accounts.ts';
import { walletFolder } from '../src/testing/folders.ts';
import { forwardOf, letterFor } from '../src/testing/mediator-client.ts';
import { peer2DocumentOf } from '../src/testing/peer-did.ts';
import { openSocket, postTo } from '../src/testing/running-mediator.ts';
import { postForward } from '../src/testing/test-mediator.ts';
import { LIMIT_OPTIONS, limitsOf } from './limit-flags.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const SMALL = {
  'body-bytes': 65_536,
  'letter-bytes': 16_384,
  'letters-per-forward': 1,
  'recipients-per-envelope': 1,
  'json-depth': 16,
  'nested-forwards': 0,
  'socket-ping-seconds': 1,
  'live-window': 1,
};

let mediator: MediatorProcess;
let account: AccountAt;
let did: Did;
beforeAll(async () => {
  const flags = Object.entries(SMALL).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  mediator = await startMediator(['--workers', '1', ...flags], walletFolder());
  account = await enrol(mediator.url);
  did = account.client.peer.did;
});
afterAll(() => mediator.dispose());

const post = (packed: string) => postTo(mediator.url, packed);
const letter = (text = 'x'): Promise<string> => letterFor(account.client.peer, text);
const json = async (text?: string) => ({
  data: { json: JSON.parse(await letter(text)) as object },
});
const forward = (plaintext: object) =>
  postForward({ post }, account.routingDid, { body: { next: did }, ...plaintext });
const codeOf = async ({ body }: { readonly body: string }): Promise<unknown> =>
  (await account.client.open(body)).message.body['code'];

test('how long bodies and letters may be', async () => {
  expect((await forward({ attachments: [await json('x'.repeat(8_000))] })).status).toBe(202);
  const long = await forward({ attachments: [await json('x'.repeat(14_000))] });
  expect([long.status, await codeOf(long)]).toEqual([413, 'e.p.me.res.storage.message_too_big']);
  expect(await post('x'.repeat(65_537))).toEqual({ status: 413, body: '' });
  const socket = await openSocket(mediator.url);
  socket.send('x'.repeat(65_537));
  expect(await socket.closed()).toBe(1009);
});

test('what an envelope may hold, also where threads open it', async () => {
  const two = await forward({ attachments: [await json('1'), await json('2')] });
  expect(await codeOf(two)).toBe('e.p.msg.https://didcomm.org/routing/2.0/forward');
  const deep = (levels: number): unknown => (levels === 0 ? 0 : [deep(levels - 1)]);
  const attachments = [await json()];
  expect((await forward({ attachments, deep: deep(15) })).status).toBe(202);
  expect((await forward({ attachments, deep: deep(16) })).status).toBe(400);
  const key = peer2DocumentOf(account.routingDid).keyAgreement[0]!;
  const kids = [key.kid, `${account.routingDid}#${key.multibase}` as const];
  const plaintext = {
    id: crypto.randomUUID(),
    type: 'https://didcomm.org/routing/2.0/forward',
    body: { next: did },
    attachments,
  };
  const status = async (count: number): Promise<number> => {
    const keys = kids.slice(0, count).map((kid) => ({ ...key, kid }));
    const packed = await nativeEngine.anoncrypt(utf8(JSON.stringify(plaintext)), keys);
    return (await post(packed)).status;
  };
  expect([await status(1), await status(2)]).toEqual([202, 400]);
  const inner = await forwardOf(await letter(), did, account.routingDid);
  const nested = await post(await forwardOf(inner, account.routingDid, account.routingDid));
  expect(await codeOf(nested)).toBe('e.p.req.not_enroll');
});

test('how long a socket may be silent, and how much it is sent unasked', async () => {
  const socket = await openSocket(mediator.url);
  const pinged = once(socket.raw, 'ping');
  socket.send(await account.client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
  await socket.next();
  for (const text of ['one', 'two'])
    expect((await forward({ attachments: [await json(text)] })).status).toBe(202);
  await socket.next();
  expect(await socket.silentFor(200)).toBe(true);
  await pinged;
  socket.close();
});

test('every limit is a flag, in the unit of its name, and refuses what makes no sense', () => {
  expect(limitsOf({})).toEqual(DEFAULT_LIMITS);
  expect(Object.keys(LIMIT_OPTIONS)).toHaveLength(
    Object.keys({ ...DEFAULT_LIMITS, ...DEFAULT_LIMITS.store }).length - 1,
  );
  for (const flag of Object.keys(LIMIT_OPTIONS))
    for (const value of ['', 'x', '-1', '1.5', '999999999999'])
      expect(() => limitsOf({ [flag]: value })).toThrow(`--${flag} takes a whole number from `);
  expect(
    limitsOf({
      'headers-seconds': '7',
      'ttl-days': '2',
      'inbox-share-percent': '50',
      'inbox-messages': '3',
    }),
  ).toEqual({
    ...DEFAULT_LIMITS,
    headersMs: 7_000,
    messageTtlMs: 172_800_000,
    inboxShare: 0.5,
    store: { ...DEFAULT_LIMITS.store, messagesPerInbox: 3 },
  });
  expect(() => limitsOf({ 'letter-bytes': '524289' })).toThrow('wallets take answers of 1 MiB');
  expect(() => limitsOf({ 'headers-seconds': '16' })).toThrow('no less than --headers-seconds');
});
