import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { OutboxPayload, openRow } from '../storage/payloads.ts';
import { answered, outboxWorld, type OutboxWorld } from '../testing/outbox-world.ts';
import { freshMediator } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { recipientJob } from './jobs.ts';

// In which order mail leaves, and what it waits for.

let mediator: Mediator;
let world: OutboxWorld;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  world = await outboxWorld(mediator.url);
});

describe('lanes', () => {
  test('order is kept within a lane while others go on', async () => {
    const slow = await world.contact();
    const fast = await world.contact();
    for (const text of ['1', '2', '3']) {
      await sendText(world.alice.wallet, slow, text, 'en');
      await sendText(world.alice.wallet, fast, text, 'en');
    }
    const slowRows = (await world.alice.wallet.db.outbox.where('lane').equals(slow).toArray())
      .length;
    expect(slowRows).toBe(3);
    const owners = new Map<string, string>();
    const tries: string[] = [];
    let slowTries = 0;
    world.answer = async (_url, packed) => {
      const lane = owners.get(packed) ?? (await laneOf(packed));
      owners.set(packed, lane);
      tries.push(lane === slow ? 'slow' : 'fast');
      if (lane !== slow) return answered(202);
      slowTries += 1;
      return slowTries < 3 ? answered(503) : answered(202);
    };
    await world.flush();
    expect(tries.filter((lane) => lane === 'fast')).toHaveLength(3);
    expect(tries.filter((lane) => lane === 'slow')).toHaveLength(1);
    expect(await world.stateOf(slow)).toBe('waiting,waiting,waiting');
    expect(await world.stateOf(fast)).toBe('sent,sent,sent');
    for (let i = 0; i < 2; i += 1) {
      world.now += 10_000;
      await world.flush();
    }
    expect(await world.stateOf(slow)).toBe('sent,sent,sent');
    expect(slowTries).toBe(5);

    async function laneOf(packed: string): Promise<string> {
      for (const row of await world.alice.wallet.db.outbox.toArray()) {
        const payload = await openRow(world.alice.wallet.device, OutboxPayload, 'outbox', row);
        if (payload?.packed === packed) return row.lane;
      }
      throw new Error('posted before it was stored');
    }
  });

  test('a lane does not leave before its DID is registered', async () => {
    const waiting = await world.contactAndText();
    const other = await world.contactAndText();
    const job = await recipientJob(world.alice.wallet, waiting, 'add', world.theirs.did);
    await world.alice.wallet.db.jobs.add(job);
    await world.flush();
    expect([await world.stateOf(waiting), await world.stateOf(other)]).toEqual(['waiting', 'sent']);
    await world.alice.wallet.db.jobs.clear();
    await world.flush();
    expect(await world.stateOf(waiting)).toBe('sent');
  });

  test('a DID that comes up for registration while its lane is being sent stops the rest of it', async () => {
    const contactId = await world.contactAndText();
    world.answer = async () => {
      const job = await recipientJob(world.alice.wallet, contactId, 'add', world.theirs.did);
      await sendText(world.alice.wallet, contactId, 'from the new DID', 'en');
      await world.alice.wallet.db.jobs.add(job);
      return answered(202);
    };
    await world.flush();
    expect(world.posts).toHaveLength(1);
    expect(await world.stateOf(contactId)).toBe('sent,waiting');
  });

  test('what is written while its lane is being sent leaves in the same go', async () => {
    const contactId = await world.contactAndText();
    world.answer = async () => {
      if (world.posts.length === 1) await sendText(world.alice.wallet, contactId, 'one more', 'en');
      return answered(202);
    };
    await world.flush();
    expect(await world.stateOf(contactId)).toBe('sent,sent');
  });

  test('a contact that was removed while its mail was on the way stays removed', async () => {
    await world.contactAndText();
    world.answer = async () => {
      await Promise.all([
        world.alice.wallet.db.outbox.clear(),
        world.alice.wallet.db.messages.clear(),
      ]);
      return answered(503);
    };
    await world.flush();
    expect(await world.alice.wallet.db.outbox.count()).toBe(0);
  });

  test('no more than six at once', async () => {
    for (let i = 0; i < 9; i += 1) await world.contactAndText();
    let underWay = 0;
    let most = 0;
    let tellFull = (): void => undefined;
    const full = new Promise<void>((resolve) => {
      tellFull = resolve;
    });
    world.answer = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      // However slowly they set out, six are waited for; then a seventh would have its time.
      if (underWay === 6) setTimeout(tellFull, 50);
      await full;
      underWay -= 1;
      return answered(202);
    };
    await world.flush();
    expect(world.posts).toHaveLength(9);
    expect(most).toBe(6);
  });
});
