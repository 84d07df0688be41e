import { beforeEach, describe, expect, test } from 'vitest';
import type { Did } from '../did/did.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  PROFILE,
  textLetter,
} from '../testing/foreign.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import {
  answered,
  scriptedMediator,
  scriptedUrl,
  type ScriptedMediator,
} from '../testing/scripted-mediator.ts';
import { freshWallet, type Surroundings, type TestWallet } from '../testing/wallets.ts';
import type { PostOutcome } from '../transport/http.ts';
import { sendText } from './chat.ts';
import { createEngine } from './engine.ts';

const ORIGIN = 'http://localhost:8080';
/** Where Bob's mail goes. */
const BOB = 'http://localhost:9/bob';
const DAY_MS = 24 * 3600 * 1000;

let mediator: ScriptedMediator;
let alice: TestWallet;
let bob: Peer;
let bobId: string;
let bobsAlice: Did;
let offsetMs: number;
let timers: { readonly run: () => void; readonly ms: number }[];
let toBob: string[];
let bobAnswers: () => PostOutcome | Promise<PostOutcome>;

const now = (): number => Date.now() + offsetMs;

async function setUp(surroundings: Surroundings = {}): Promise<void> {
  mediator = await scriptedMediator();
  offsetMs = 0;
  timers = [];
  toBob = [];
  bobAnswers = () => answered(202);
  alice = await freshWallet('Alice', ORIGIN, {
    clock: { now },
    setTimer: (run, ms) => timers.push({ run, ms }),
    http: {
      get: (...args) => mediator.http.get(...args),
      getText: (path) => mediator.http.getText(path),
      post: async (url, packed, cap) => {
        if (url === scriptedUrl) return mediator.http.post(url, packed, cap);
        toBob.push(packed);
        return bobAnswers();
      },
    },
    ...surroundings,
  });
  await alice.settle();
  bob = await newPeer([{ uri: BOB }]);
  bobId = await befriend(alice, ORIGIN, bob);
  bobsAlice = (await contactOf(alice.wallet, bobId)).payload.myDid;
  await alice.settle();
  toBob.length = 0;
  timers.length = 0;
  mediator.asked.length = 0;
}
beforeEach(() => setUp());

const states = async (): Promise<string[]> => (await alice.chat(bobId)).map(({ st }) => st);
const texts = async (): Promise<string[]> => (await alice.chat(bobId)).map(({ text }) => text);
const fromBob = (content: string, more = {}): Promise<string> =>
  textLetter(bob, bobsAlice, content, more);
const write = (text: string): Promise<boolean> => sendText(alice.wallet, bobId, text, 'en');
const requests = (name: string): number =>
  mediator.asked.filter(({ type }) => type.endsWith(name)).length;
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 2_000 && !(await holds()); i += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await holds()).toBe(true);
};

describe('waking', () => {
  test('many wakes at once are one run and one more', async () => {
    await Promise.all(Array.from({ length: 30 }, () => alice.engine.wake('sync')));
    expect(requests('delivery-request')).toBeLessThanOrEqual(2);
  });

  test('a wake that comes while the lock is given back is not lost', async () => {
    const locks: (() => void)[] = []; // each gives the lock back
    const engine = createEngine({
      open: async () => alice.wallet,
      http: { ...mediator.http, post: async () => answered(202) },
      connectLive: () => ({ open: false, send: () => undefined, close: () => undefined }),
      spares: 0,
      exclusively: async (run) => {
        await run();
        await new Promise<void>((resolve) => locks.push(resolve));
      },
      push: {},
      notices: { newTexts: async () => undefined },
      ownOrigin: ORIGIN,
      clock: { now },
      setTimer: () => undefined,
      askForSync: async () => undefined,
      onFailure: (error) => {
        throw error;
      },
    });
    const first = engine.wake('timer');
    await until(() => locks.length === 1);
    await write('late');
    const second = engine.wake('enqueued');
    locks[0]?.();
    await until(() => locks.length === 2);
    locks[1]?.();
    await Promise.all([first, second]);
    expect(await states()).toEqual(['sent']);
  });

  test('without a wallet there is nothing to do', async () => {
    const engine = createEngine({
      open: async () => undefined,
      http: {
        get: () => Promise.reject(new Error('asked')),
        getText: () => Promise.reject(new Error('asked')),
        post: () => Promise.reject(new Error('asked')),
      },
      connectLive: () => {
        throw new Error('connected');
      },
      spares: 0,
      exclusively: (run) => run(),
      push: {},
      notices: { newTexts: async () => undefined },
      ownOrigin: ORIGIN,
      clock: { now },
      setTimer: () => undefined,
      askForSync: async () => undefined,
      onFailure: (error) => {
        throw error;
      },
    });
    expect(await engine.wake('visible')).toBe(true);
    engine.hidden();
  });

  test('who answers an invitation hears back in the same run', async () => {
    const { did, oobId } = await openInvitation(alice, ORIGIN, true);
    const guest = await newPeer([{ uri: BOB }]);
    mediator.put(await letter(guest, did, PROFILE, {}, { pthid: oobId }));
    expect(await alice.settle()).toBe(true);
    expect(toBob).toHaveLength(3); // profile, request for receipts, question for features
    const contact = await alice.wallet.db.contacts.orderBy(':id').toArray();
    expect(contact).toHaveLength(2);
  });

  test('a mailbox of theirs that hangs does not hold up what lies in ours', async () => {
    let release = (): void => undefined;
    bobAnswers = () => new Promise((resolve) => (release = () => resolve(answered(202))));
    await write('hanging');
    mediator.put(await fromBob('hi'));
    const run = alice.settle();
    await until(async () => (await texts()).includes('them: hi'));
    expect((await states())[0]).toBe('waiting');
    release();
    await run;
    expect((await states())[0]).toBe('sent');
  });
});

describe('a run that fails', () => {
  test('says so, tries again by itself, and fetches the mail it left', async () => {
    mediator.put(await fromBob('hi'));
    mediator.answer = () => {
      throw new Error('a broken device');
    };
    await expect(alice.engine.wake('push')).rejects.toThrow('a broken device');
    mediator.answer = ({ say }) => say();
    const [timer] = timers;
    expect(timer?.ms).toBeGreaterThanOrEqual(500);
    expect(timer?.ms).toBeLessThanOrEqual(1_000);
    timer?.run();
    await until(async () => (await texts()).includes('them: hi'));
  });

  test('waits longer after every failure, and as little as at first after a success', async () => {
    mediator.answer = () => {
      throw new Error('a broken device');
    };
    const waits: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      await expect(alice.engine.wake('sync')).rejects.toThrow();
      const timer = timers.at(-1);
      waits.push(timer?.ms ?? 0);
      offsetMs += 60_000; // long past
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(32_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(16_000);
    mediator.answer = ({ say }) => say();
    expect(await alice.settle()).toBe(true);
    mediator.answer = () => ({ kind: 'unreachable' });
    expect(await alice.settle()).toBe(false);
    expect(timers.at(-1)?.ms).toBeLessThanOrEqual(1_000);
  });

  test('leaves everybody else of the same run to finish before it is over', async () => {
    await write('hi');
    let finished = false;
    bobAnswers = async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      finished = true;
      return answered(202);
    };
    mediator.answer = () => {
      throw new Error('a broken device');
    };
    await expect(alice.settle()).rejects.toThrow();
    expect(finished).toBe(true);
  });

  test('a notice that cannot be shown does not stop the mail', async () => {
    await setUp({
      push: {},
      notices: {
        newTexts: async () => {
          throw new Error('no permission');
        },
      },
    });
    await write('out');
    mediator.put(await fromBob('in'));
    expect(await alice.settle()).toBe(true);
    expect(await states()).toEqual(['sent', 'unread']);
    expect(alice.failures).toEqual([new Error('no permission')]);
    expect(mediator.mailbox).toEqual([]);
  });
});

describe('waiting', () => {
  test('a delay that the other side asked for is kept, and ended by a timer', async () => {
    bobAnswers = () => answered(503, '', 60_000);
    await write('hi');
    expect(await alice.engine.wake('enqueued')).toBe(false);
    expect(timers.at(-1)?.ms).toBeGreaterThan(59_000);
    expect(timers.at(-1)?.ms).toBeLessThanOrEqual(60_000);
    await alice.engine.wake('enqueued');
    expect(toBob).toHaveLength(1);
    bobAnswers = () => answered(202);
    offsetMs += 60_001;
    timers.at(-1)?.run();
    await until(async () => (await states())[0] === 'sent');
  });

  test('coming back into view ends every delay', async () => {
    bobAnswers = () => answered(503, '', 60_000);
    await write('hi');
    await alice.engine.wake('enqueued');
    bobAnswers = () => answered(202);
    await alice.engine.wake('visible');
    expect(await states()).toEqual(['sent']);
  });

  test('what becomes due while the run goes on is tried again in it, and then planned for', async () => {
    bobAnswers = () => answered(503);
    await write('hi');
    mediator.answer = async ({ message, say }) => {
      if (message.type.endsWith('delivery-request')) {
        await until(() => toBob.length === 1);
        offsetMs += 5_000;
      }
      return say();
    };
    await alice.engine.wake('periodic');
    expect(toBob).toHaveLength(2);
    expect(timers.at(-1)?.ms).toBeGreaterThanOrEqual(500);
    expect(timers.at(-1)?.ms).toBeLessThanOrEqual(2_000);
  });

  test('a lane that waits for its address has no timer of its own but that of the address', async () => {
    const { did, oobId } = await openInvitation(alice, ORIGIN, true);
    const guest = await newPeer([{ uri: BOB }]);
    mediator.put(await letter(guest, did, PROFILE, {}, { pthid: oobId }));
    mediator.answer = ({ message, say }) => {
      const updates = JSON.stringify(message.body['updates'] ?? '');
      return message.type.endsWith('recipient-update') && !updates.includes(did)
        ? answered(500)
        : say();
    };
    expect(await alice.engine.wake('periodic')).toBe(false);
    expect(toBob).toHaveLength(0);
    expect(timers.at(-1)?.ms).toBeGreaterThanOrEqual(100);
    expect(timers.at(-1)?.ms).toBeLessThanOrEqual(1_000);
    mediator.answer = ({ say }) => say();
    offsetMs += 2_000;
    timers.at(-1)?.run();
    await until(() => toBob.length === 3);
  });
});

describe('a clock that jumps', () => {
  const jumps: readonly (readonly [string, () => number])[] = [
    ['a day ahead', () => DAY_MS],
    ['two hours ahead', () => 2 * 3600 * 1000],
    ['to 2038', () => Date.UTC(2038, 0, 20) - Date.now()],
    ['to 1970', () => -Date.now() + 1_000],
    ['a day back', () => -DAY_MS],
  ];

  test.each(jumps)('%s, and is put right: what waited to be sent leaves', async (_name, jump) => {
    offsetMs = jump();
    bobAnswers = () => answered(503);
    await write('hi');
    await alice.engine.wake('enqueued');
    bobAnswers = () => answered(202);
    offsetMs = 10_000;
    await alice.engine.wake('timer');
    expect(await states()).toEqual(['sent']);
    for (const { ms } of timers) expect(ms).toBeLessThanOrEqual(3_600_000);
  });

  test.each(jumps)('%s, and is put right: addresses are registered', async (_name, jump) => {
    offsetMs = jump();
    const { rowId } = await openInvitation(alice, ORIGIN, true);
    mediator.answer = ({ message, say }) =>
      message.type.endsWith('recipient-update') ? answered(500) : say();
    await alice.engine.wake('enqueued');
    mediator.answer = ({ say }) => say();
    offsetMs = 10_000;
    await alice.engine.wake('timer');
    expect(await alice.wallet.db.jobs.count()).toBe(0);
    // One that was made with a wrong clock may have been retired already; it must not be half there.
    const row = await alice.wallet.db.invitations.get(rowId);
    expect([undefined, 'live']).toContain(row?.state);
  });

  test.each(jumps)(
    '%s, and is put right: mail is read, and what came before shows once',
    async (_name, jump) => {
      const old = await fromBob('old', { id: 'old' });
      mediator.put(old);
      await alice.settle();
      offsetMs = jump();
      mediator.put(await fromBob('meanwhile'));
      expect(await alice.settle()).toBe(true);
      offsetMs = 0;
      mediator.put(old);
      mediator.put(await fromBob('after'));
      expect(await alice.settle()).toBe(true);
      expect(await texts()).toEqual(['them: old', 'them: meanwhile', 'them: after']);
      expect(await alice.wallet.db.quarantine.count()).toBe(0);
    },
  );

  test('an invitation ends by the clock of its day, and answers in time count', async () => {
    const { did, oobId } = await openInvitation(alice, ORIGIN, true);
    const guest = await newPeer();
    const answer = () => letter(guest, did, PROFILE, {}, { pthid: oobId });
    offsetMs = DAY_MS + 1;
    await deliver(alice, await answer());
    expect(await alice.wallet.db.contacts.count()).toBe(1);
    offsetMs = DAY_MS - 60_000;
    await deliver(alice, await answer());
    expect(await alice.wallet.db.contacts.count()).toBe(2);
  });
});
