import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { encodeKey } from '../crypto/multicodec.ts';
import type { Did } from '../did/did.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { utf8 } from '../lib/bytes.ts';
import { OutboxPayload, openRow } from '../storage/payloads.ts';
import type { PostOutcome } from '../transport/http.ts';
import { befriend, letter } from '../testing/foreign.ts';
import type { Json } from '../testing/forge.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { base64Url } from '../testing/peer-did.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { retryMessage, sendText } from './chat.ts';
import { recipientJob } from './jobs.ts';
import { flushOutbox } from './outbox-flush.ts';

// Alice writes to contacts whose mailboxes answer as a test tells them to.

const ORIGIN = 'http://localhost:8080';
const ROUTE = 'http://localhost:9/route';
const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';

let mediator: Mediator;
let alice: TestWallet;
/** The mailbox of Alice's contacts. */
let theirs: Peer;
let posts: { readonly url: string; readonly packed: string }[];
let now: number;

type Answerer = (url: string, packed: string) => PostOutcome | Promise<PostOutcome>;
let answer: Answerer;
const answered = (status: number, body = '', retryAfterMs?: number): PostOutcome => ({
  kind: 'answered',
  status,
  body,
  retryAfterMs,
});

beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  now = Date.now();
  alice = await freshWallet('Alice', mediator.url, { clock: { now: () => now } });
  await alice.settle();
  theirs = await newPeer([{ uri: ROUTE, accept: ['didcomm/v2'] }]);
  posts = [];
  answer = () => answered(202);
});

const flush = (ownOrigin = ORIGIN): Promise<void> =>
  flushOutbox({
    ...alice.wallet,
    ownOrigin,
    http: {
      post: async (url, packed) => {
        posts.push({ url, packed });
        return answer(url, packed);
      },
      get: async () => ({ kind: 'unreachable' }),
      getText: async () => undefined,
    },
  });

/** A contact behind that mailbox, to whom nothing waits to be sent. */
async function contact(peer?: Peer): Promise<string> {
  const contactId = await befriend(
    alice,
    mediator.url,
    peer ?? (await newPeer([{ uri: theirs.did }])),
  );
  await alice.wallet.db.outbox.where('lane').equals(contactId).delete();
  await alice.wallet.db.jobs.clear();
  return contactId;
}

async function contactAndText(peer?: Peer): Promise<string> {
  const contactId = await contact(peer);
  await sendText(alice.wallet, contactId, 'hello', 'en');
  return contactId;
}

async function stateOf(contactId: string): Promise<string> {
  const rows = await alice.wallet.db.messages
    .where('[c+s]')
    .between([contactId, 0], [contactId, Infinity])
    .toArray();
  return rows.map(({ st, why }) => (why === undefined ? st : `${st}: ${why}`)).join();
}

/** A report in an answer, sealed as the test says. */
const report = (
  code: string,
  sign: (content: Json) => Promise<string>,
  from = theirs,
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
        const by = { ...theirs.signing, privateKey };
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
      async () => answered(200, await report('w.m.slow', signedBy(theirs))),
    ],
    [
      '200 with something else signed',
      async () =>
        answered(
          200,
          await report(NOT_ENROLLED, signedBy(theirs), theirs, 'https://example.org/x/1.0/y'),
        ),
    ],
    [
      '200 with an envelope for somebody else',
      async () => {
        const other = await newPeer();
        return answered(200, await letter(theirs, other.did, REPORT, { code: NOT_ENROLLED }));
      },
    ],
  ];
  test.each(sent)('%s: sent', async (_name, reply) => {
    const contactId = await contactAndText();
    answer = reply;
    await flush();
    expect(await stateOf(contactId)).toBe('sent');
    expect(await alice.wallet.db.outbox.count()).toBe(0);
    expect(posts.map(({ url }) => url)).toEqual([ROUTE]);
  });

  test.each([200, 202])(
    '%i with a report that the mailbox signed: not delivered',
    async (status) => {
      const contactId = await contactAndText();
      answer = async () => answered(status, await report(NOT_ENROLLED, signedBy(theirs)));
      await flush();
      expect(await stateOf(contactId)).toBe('failed: not-found');
      expect(await alice.wallet.db.outbox.count()).toBe(0);
    },
  );

  test('a report that the mailbox is full says so', async () => {
    const contactId = await contactAndText();
    const code = 'e.p.me.res.storage.quota';
    answer = async () => answered(200, await report(code, signedBy(theirs)));
    await flush();
    expect(await stateOf(contactId)).toBe('failed: mailbox-full');
  });

  test.each([400, 405, 410, 413, 415, 421])('%i: refused', async (status) => {
    const contactId = await contactAndText();
    answer = () => answered(status);
    await flush();
    expect(await stateOf(contactId)).toBe('failed: refused');
    expect(await alice.wallet.db.outbox.count()).toBe(0);
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
    const contactId = await contactAndText();
    answer = () => reply;
    await flush();
    expect(await stateOf(contactId)).toBe('waiting');
    const [row] = await alice.wallet.db.outbox.toArray();
    const wait = (row?.nextAt ?? 0) - now;
    if (delay === undefined) expect(wait).toBeGreaterThanOrEqual(500);
    else expect(wait).toBe(delay);
    expect(wait).toBeLessThanOrEqual(delay ?? 1_000);
    await flush();
    expect(posts).toHaveLength(1); // not due yet
    now += wait;
    answer = () => answered(202);
    await flush();
    expect(await stateOf(contactId)).toBe('sent');
    // Rule I10: a retry is the same bytes.
    expect(posts).toHaveLength(2);
    expect(posts[1]).toEqual(posts[0]);
  });

  test.each([
    [507, 'mailbox-full'],
    [401, 'login'],
    [403, 'refused'],
    [404, 'refused'],
  ])('%i again and again is told to the person in the end', async (status, why) => {
    const contactId = await contactAndText();
    // Offline for long: that is no word of the mailbox.
    answer = () => ({ kind: 'unreachable' });
    for (let i = 0; i < 20; i += 1) {
      await flush();
      now += 300_000;
    }
    answer = () => answered(status);
    for (let i = 0; i < 12; i += 1) {
      expect(await stateOf(contactId)).toBe('waiting');
      await flush();
      now += 300_000;
    }
    expect(await stateOf(contactId)).toBe(`failed: ${why}`);
    expect(await alice.wallet.db.outbox.count()).toBe(0);
    expect(new Set(posts.map(({ packed }) => packed)).size).toBe(1);
  });

  test('404 with a report that the mailbox signed: not delivered', async () => {
    const contactId = await contactAndText();
    answer = async () => answered(404, await report(NOT_ENROLLED, signedBy(theirs)));
    await flush();
    expect(await stateOf(contactId)).toBe('failed: not-found');
  });

  test('waits grow to five minutes and no further', async () => {
    await contactAndText();
    answer = () => ({ kind: 'unreachable' });
    const waits: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      await flush();
      const [row] = await alice.wallet.db.outbox.toArray();
      waits.push((row?.nextAt ?? 0) - now);
      now = row?.nextAt ?? now;
    }
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
    expect(Math.min(...waits.slice(10))).toBeGreaterThanOrEqual(150_000);
  });

  test('a receipt that overtakes the answer is not undone by it', async () => {
    const contactId = await contactAndText();
    answer = async () => {
      await alice.wallet.db.messages.toCollection().modify({ st: 'delivered' });
      return answered(400);
    };
    await flush();
    expect(await stateOf(contactId)).toBe('delivered');
  });

  test('what failed is sent anew under its old id, in a new envelope', async () => {
    const contactId = await contactAndText();
    answer = () => answered(400);
    await flush();
    const [message] = await alice.wallet.db.messages.toArray();
    await Promise.all([
      retryMessage(alice.wallet, message?.id ?? '', 'en'),
      retryMessage(alice.wallet, message?.id ?? '', 'en'),
    ]);
    expect(await alice.wallet.db.outbox.count()).toBe(1);
    answer = () => answered(202);
    await flush();
    expect(await stateOf(contactId)).toBe('sent');
    expect(posts).toHaveLength(2);
    expect(posts[1]).not.toEqual(posts[0]);
    await retryMessage(alice.wallet, message?.id ?? '', 'en');
    expect(await alice.wallet.db.outbox.count()).toBe(0);
  });
});

describe('routes', () => {
  const unsafe = encodeKey('X25519', new Uint8Array(32));
  const signing = async () => (await newPeer()).document.authentication[0]?.multibase ?? '';
  const routes: readonly (readonly [string, () => Promise<Peer>])[] = [
    ['no address', () => newPeer()],
    ['a queue', () => newPeer([{ uri: 'didcomm:transport/queue' }])],
    ['a socket only', () => newPeer([{ uri: 'wss://mail.example/' }])],
    ['a scheme of its own', () => newPeer([{ uri: 'ftp://mail.example/' }])],
    ['a name and a password', () => newPeer([{ uri: 'https://a:b@mail.example/' }])],
    ['a DID that says nothing', () => newPeer([{ uri: 'did:example:mail' }])],
    ['a mailbox without an address', async () => newPeer([{ uri: (await newPeer()).did }])],
    [
      'a mailbox behind two mailboxes',
      async () => {
        const second = await newPeer([{ uri: theirs.did }]);
        return newPeer([{ uri: (await newPeer([{ uri: second.did }])).did }]);
      },
    ],
    [
      'a mailbox with a routing key that nobody knows',
      async () => newPeer([{ uri: theirs.did, routingKeys: [`${theirs.did}#key-9`] }]),
    ],
    [
      'a mailbox with a key that is unsafe to agree with',
      async () => {
        const service = base64Url({ t: 'dm', s: { uri: ROUTE } });
        const did = `did:peer:2.E${unsafe}.V${await signing()}.S${service}` as Did;
        return newPeer([{ uri: did }]);
      },
    ],
  ];
  test.each(routes)('%s is no route, and stops no other lane', async (_name, make) => {
    const lost = await contactAndText(await make());
    const other = await contactAndText();
    await sendText(alice.wallet, lost, 'still lost', 'en');
    await flush();
    expect(await stateOf(lost)).toBe('failed: no-route,failed: no-route');
    expect(await stateOf(other)).toBe('sent');
    expect(posts).toHaveLength(1);
    expect(await alice.wallet.db.outbox.count()).toBe(0);
  });

  test('who is not reached on one way is tried on the next, by the same bytes each time', async () => {
    const second = await newPeer([{ uri: 'https://second.example/' }]);
    const peer = await newPeer([{ uri: theirs.did }, { uri: second.did }]);
    const contactId = await contactAndText(peer);
    answer = (url) => (posts.length < 4 || url === ROUTE ? { kind: 'unreachable' } : answered(202));
    for (let i = 0; i < 4; i += 1) {
      await flush();
      now += 3_600_000;
    }
    expect(posts.map(({ url }) => url)).toEqual([
      ROUTE,
      'https://second.example/',
      ROUTE,
      'https://second.example/',
    ]);
    expect([posts[2], posts[3]]).toEqual([posts[0], posts[1]]);
    expect(await stateOf(contactId)).toBe('sent');
  });

  test('a public wallet sends to no local address', async () => {
    const viaMailbox = await contactAndText();
    const direct = await contactAndText(await newPeer([{ uri: 'http://192.168.0.1/' }]));
    const second = await newPeer([{ uri: 'https://10.0.0.1/' }, { uri: 'https://mail.example/' }]);
    const choice = await contactAndText(second);
    await flush('https://parley.example');
    expect([await stateOf(viaMailbox), await stateOf(direct)]).toEqual([
      'failed: no-route',
      'failed: no-route',
    ]);
    expect(await stateOf(choice)).toBe('sent');
    expect(posts.map(({ url }) => url)).toEqual(['https://mail.example/']);
  });

  test('a contact with an address of its own gets the envelope as it is', async () => {
    const peer = await newPeer([{ uri: 'https://mail.example/inbox' }]);
    await contactAndText(peer);
    await flush('https://parley.example');
    const [post] = posts;
    const { recipients } = JSON.parse(post?.packed ?? '{}') as { recipients: object[] };
    expect(recipients).toMatchObject([{ header: { kid: peer.agreement.kid } }]);
  });
});

describe('lanes', () => {
  test('order is kept within a lane while others go on', async () => {
    const slow = await contact();
    const fast = await contact();
    for (const text of ['1', '2', '3']) {
      await sendText(alice.wallet, slow, text, 'en');
      await sendText(alice.wallet, fast, text, 'en');
    }
    const slowRows = (await alice.wallet.db.outbox.where('lane').equals(slow).toArray()).length;
    expect(slowRows).toBe(3);
    const owners = new Map<string, string>();
    const tries: string[] = [];
    let slowTries = 0;
    answer = async (_url, packed) => {
      const lane = owners.get(packed) ?? (await laneOf(packed));
      owners.set(packed, lane);
      tries.push(lane === slow ? 'slow' : 'fast');
      if (lane !== slow) return answered(202);
      slowTries += 1;
      return slowTries < 3 ? answered(503) : answered(202);
    };
    await flush();
    expect(tries.filter((lane) => lane === 'fast')).toHaveLength(3);
    expect(tries.filter((lane) => lane === 'slow')).toHaveLength(1);
    expect(await stateOf(slow)).toBe('waiting,waiting,waiting');
    expect(await stateOf(fast)).toBe('sent,sent,sent');
    for (let i = 0; i < 2; i += 1) {
      now += 10_000;
      await flush();
    }
    expect(await stateOf(slow)).toBe('sent,sent,sent');
    expect(slowTries).toBe(5);

    async function laneOf(packed: string): Promise<string> {
      for (const row of await alice.wallet.db.outbox.toArray()) {
        const payload = await openRow(alice.wallet.device, OutboxPayload, 'outbox', row);
        if (payload?.packed === packed) return row.lane;
      }
      throw new Error('posted before it was stored');
    }
  });

  test('a lane does not leave before its DID is registered', async () => {
    const waiting = await contactAndText();
    const other = await contactAndText();
    const job = await recipientJob(alice.wallet, waiting, 'add', theirs.did);
    await alice.wallet.db.jobs.add(job);
    await flush();
    expect([await stateOf(waiting), await stateOf(other)]).toEqual(['waiting', 'sent']);
    await alice.wallet.db.jobs.clear();
    await flush();
    expect(await stateOf(waiting)).toBe('sent');
  });

  test('a DID that comes up for registration while its lane is being sent stops the rest of it', async () => {
    const contactId = await contactAndText();
    answer = async () => {
      const job = await recipientJob(alice.wallet, contactId, 'add', theirs.did);
      await sendText(alice.wallet, contactId, 'from the new DID', 'en');
      await alice.wallet.db.jobs.add(job);
      return answered(202);
    };
    await flush();
    expect(posts).toHaveLength(1);
    expect(await stateOf(contactId)).toBe('sent,waiting');
  });

  test('what is written while its lane is being sent leaves in the same go', async () => {
    const contactId = await contactAndText();
    answer = async () => {
      if (posts.length === 1) await sendText(alice.wallet, contactId, 'one more', 'en');
      return answered(202);
    };
    await flush();
    expect(await stateOf(contactId)).toBe('sent,sent');
  });

  test('a contact that was removed while its mail was on the way stays removed', async () => {
    await contactAndText();
    answer = async () => {
      await Promise.all([alice.wallet.db.outbox.clear(), alice.wallet.db.messages.clear()]);
      return answered(503);
    };
    await flush();
    expect(await alice.wallet.db.outbox.count()).toBe(0);
  });

  test('no more than six at once', async () => {
    for (let i = 0; i < 9; i += 1) await contactAndText();
    let underWay = 0;
    let most = 0;
    let tellFull = (): void => undefined;
    const full = new Promise<void>((resolve) => {
      tellFull = resolve;
    });
    answer = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      // However slowly they set out, six are waited for; then a seventh would have its time.
      if (underWay === 6) setTimeout(tellFull, 50);
      await full;
      underWay -= 1;
      return answered(202);
    };
    await flush();
    expect(posts).toHaveLength(9);
    expect(most).toBe(6);
  });
});

test('what is said in the open of a forward tells neither sender nor text', async () => {
  await contactAndText();
  await flush();
  const [post] = posts;
  const opened = await nativeEngine.unpack(post?.packed ?? '', theirs.secrets, async () => ({
    kind: 'unsupported',
  }));
  if (opened.kind !== 'ok') throw new Error(opened.kind);
  const forward = JSON.parse(new TextDecoder().decode(opened.plaintextBytes)) as Json;
  expect(Object.keys(forward).toSorted()).toEqual(
    ['attachments', 'body', 'created_time', 'expires_time', 'id', 'to', 'typ', 'type'].toSorted(),
  );
});
