import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import type { Draft } from '../didcomm/router.ts';
import { draftEmpty } from '../protocols/empty/empty.ts';
import { interpolate } from '../protocols/report-problem/wallet.ts';
import { MessagePayload, OutboxPayload, openRow } from '../storage/payloads.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { resolveDid } from '../did/resolve.ts';
import { acquaintances, rounds, type Acquaintance } from '../testing/acquaintances.ts';
import { freshMediator } from '../testing/wallets.ts';
import { correspondenceOf, sendText } from './chat.ts';
import { packForContact } from './outbox.ts';
import { secretsOf } from './own-dids.ts';
import { setBlocked, setMuted } from './contact-options.ts';

let mediator: Mediator;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());

/** Says anything at all to the other one. @returns the id on the wire */
async function say(person: Acquaintance, draft: Draft): Promise<string> {
  const id = crypto.randomUUID();
  const rows = await packForContact(person.wallet, correspondenceOf(await person.contact()), [
    { draft, id },
  ]);
  await person.wallet.db.outbox.bulkAdd(rows);
  await person.settle();
  return id;
}

/** What `from` has ready to send, as `to` would read it. */
async function queued(from: Acquaintance, to: Acquaintance) {
  const rows = await from.wallet.db.outbox.toArray();
  return Promise.all(
    rows.map(async (row) => {
      const payload = await openRow(from.wallet.device, OutboxPayload, 'outbox', row);
      const opened = await openEnvelope(payload?.inner ?? '', {
        engine: to.wallet.engine,
        secrets: secretsOf(to.wallet),
        resolve: resolveDid,
        now: Date.now(),
      });
      if (opened.kind !== 'ok') throw new Error(opened.kind);
      return opened.inbound.message;
    }),
  );
}

/** Bob takes what came and works out his answers, which do not leave. */
async function answersTo(alice: Acquaintance, bob: Acquaintance, draft: Draft) {
  const id = await say(alice, draft);
  await bob.wallet.db.jobs.add({ id: 'hold', lane: bob.friend, nextAt: 1e15, x: new Uint8Array() });
  await bob.settle();
  const answers = await queued(bob, alice);
  await bob.wallet.db.jobs.where('id').equals('hold').delete();
  await bob.settle();
  return { id, answers };
}

const text = (content: string, headers?: Draft['headers']): Draft => ({
  type: 'https://didcomm.org/basicmessage/2.0/message',
  body: { content },
  thread: 'new',
  ...(headers ? { headers } : {}),
});
const unknown: Draft = { type: 'https://example.org/unheard-of/1.0/word', body: {}, thread: 'new' };

describe('acknowledgements', () => {
  test('are given when asked for, once, and never for an acknowledgement', async () => {
    const { alice, bob } = await acquaintances(mediator);
    await bob.wallet.db.outbox.clear();
    const asked = await answersTo(alice, bob, draftEmpty({ please_ack: [''] }));
    expect(asked.answers.map(({ type, ack, thid }) => [type, ack, thid])).toEqual([
      ['https://didcomm.org/empty/1.0/empty', [asked.id], asked.id],
    ]);
    const pure = await answersTo(alice, bob, draftEmpty({ please_ack: [''], ack: ['x'] }));
    expect(pure.answers).toEqual([]);
  });

  test('ride on the answer where there is one', async () => {
    const { alice, bob } = await acquaintances(mediator);
    const ping = {
      type: 'https://didcomm.org/trust-ping/2.0/ping',
      body: {},
      thread: 'new',
      headers: { please_ack: [''] },
    } as const;
    const { id, answers } = await answersTo(alice, bob, ping);
    expect(answers.map(({ type, ack }) => [type.split('/').at(-1), ack])).toEqual([
      ['ping-response', [id]],
    ]);
  });

  test('tell the sender that it is there', async () => {
    const { alice, bob } = await acquaintances(mediator);
    await sendText(bob.wallet, bob.friend, 'hi', 'en');
    await bob.settle();
    const [row] = (await bob.wallet.db.messages.toArray()).sort((a, b) => a.s - b.s);
    const sent = row && (await openRow(bob.wallet.vault, MessagePayload, 'messages', row));
    await say(alice, draftEmpty({ ack: [sent?.messageId ?? ''] }));
    await bob.settle();
    expect((await bob.chat(bob.friend))[0]?.st).toBe('delivered');
  });
});

describe('problem reports', () => {
  test('five an hour, one that says it is the last, then none', async () => {
    const { alice, bob } = await acquaintances(mediator);
    const codes: unknown[] = [];
    for (let i = 0; i < 8; i += 1) {
      const { answers } = await answersTo(alice, bob, unknown);
      codes.push(...answers.map(({ body }) => body['code']));
    }
    expect(codes).toEqual([
      ...Array<string>(5).fill('e.p.msg.unsupported'),
      'e.p.req.max-errors-exceeded',
    ]);
  });

  test('are told to the person where they are about a message of theirs, and never answered', async () => {
    const { alice, bob } = await acquaintances(mediator);
    await sendText(bob.wallet, bob.friend, 'hi', 'en');
    await sendText(bob.wallet, bob.friend, 'ho', 'en');
    await rounds(bob, alice);
    const [row] = (await bob.wallet.db.messages.toArray()).sort((a, b) => a.s - b.s);
    const sent = row && (await openRow(bob.wallet.vault, MessagePayload, 'messages', row));
    const report = (ack: string): Draft => ({
      type: 'https://didcomm.org/report-problem/2.0/problem-report',
      body: { code: 'e.m.msg', comment: 'No {1} for {2}', args: ['use'] },
      thread: 'new',
      headers: { ack: [ack] },
    });
    const { answers } = await answersTo(alice, bob, report(sent?.messageId ?? ''));
    expect(answers).toEqual([]);
    await answersTo(alice, bob, report('no id of his'));
    const rows = (await bob.wallet.db.messages.toArray()).sort((a, b) => a.s - b.s);
    expect(rows.map(({ st, why }) => [st, why])).toEqual([
      ['failed', 'reported'],
      ['delivered', undefined],
    ]);
    const kept = await openRow(bob.wallet.vault, MessagePayload, 'messages', rows[0]!);
    expect(kept?.report).toBe('No use for ?');
  });

  test.each([
    ['{1} and {2}', ['a', 'b'], 'a and b'],
    ['{2}', ['a', 'b', 'c'], 'b, a, c'],
    ['none', [], 'none'],
    ['{0} {9}', ['a'], '? ?, a'],
  ] as const)('%s with %j reads %s', (comment, args, read) => {
    expect(interpolate(comment, args)).toBe(read);
  });
});

test('a text past its time is shown as expired, anything else past its time does nothing', async () => {
  const { alice, bob } = await acquaintances(mediator);
  await say(alice, text('gone', { expires_time: Math.floor(Date.now() / 1000) - 601 }));
  await say(alice, text('there', { expires_time: Math.floor(Date.now() / 1000) + 100 }));
  const { answers } = await answersTo(alice, bob, {
    ...unknown,
    headers: { expires_time: 1, please_ack: [''] },
  });
  expect(answers.filter(({ type }) => !type.includes('receipts'))).toEqual([]);
  const rows = (await bob.wallet.db.messages.toArray()).sort((a, b) => a.s - b.s);
  const kept = await Promise.all(
    rows.map((row) => openRow(bob.wallet.vault, MessagePayload, 'messages', row)),
  );
  expect(kept.map((message) => [message?.text, message?.expired])).toEqual([
    ['', true],
    ['there', undefined],
  ]);
});

describe('features', () => {
  test('are asked for once, and an answer to no question changes nothing (R23)', async () => {
    const { alice, bob } = await acquaintances(mediator);
    for (const person of [alice, bob]) {
      const { asked, features, peerClass } = (await person.contact()).payload;
      expect(asked?.version).toBe(2);
      expect(features).toHaveLength(4);
      expect(peerClass).toBe('full');
    }
    const id = (await bob.contact()).payload.asked?.id;
    const disclose = (thid: string): Draft => ({
      type: 'https://didcomm.org/discover-features/2.0/disclose',
      body: {
        disclosures: [{ 'feature-type': 'protocol', id: 'https://didcomm.org/basicmessage/2.0' }],
      },
      thread: 'new',
      headers: { thid },
    });
    await say(alice, disclose('another thread'));
    await rounds(bob, alice);
    expect((await bob.contact()).payload.peerClass).toBe('full');
    await say(alice, disclose(id ?? ''));
    await rounds(bob, alice);
    expect((await bob.contact()).payload.peerClass).toBe('basic');
    expect((await bob.contact()).payload.asked?.id).toBe(id);
  });
});

describe('what the person decides', () => {
  test('a blocked contact is not heard and hears nothing; its moves are followed', async () => {
    const { alice, bob } = await acquaintances(mediator);
    await setBlocked(bob.wallet, bob.friend, true);
    const { answers } = await answersTo(alice, bob, text('hello?', { please_ack: [''] }));
    expect(answers).toEqual([]);
    expect(await bob.chat(bob.friend)).toEqual([]);
    expect(await sendText(bob.wallet, bob.friend, 'no', 'en')).toBe(false);
    await setBlocked(bob.wallet, bob.friend, false);
    await say(alice, text('again'));
    await bob.settle();
    expect((await bob.chat(bob.friend)).map((one) => one.text)).toEqual(['them: again']);
  });

  test('a muted contact brings no notice', async () => {
    let notices = 0;
    const { alice, bob } = await acquaintances(mediator, {
      notices: {
        newTexts: async (_wallet, count) => {
          notices += count;
        },
      },
    });
    await setMuted(bob.wallet, bob.friend, true);
    await say(alice, text('quiet'));
    await bob.settle();
    expect([(await bob.chat(bob.friend)).length, notices]).toEqual([1, 0]);
    await setMuted(bob.wallet, bob.friend, false);
    await say(alice, text('loud'));
    await bob.settle();
    expect(notices).toBe(1);
  });
});
