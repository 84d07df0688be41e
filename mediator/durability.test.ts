import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startMediator, type MediatorProcess } from '../e2e/mediator-process.ts';
import { enrol, pickUp, printerFor } from '../src/testing/accounts.ts';
import { walletFolder } from '../src/testing/folders.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import { postUnlessGone } from '../src/testing/running-mediator.ts';

// What was answered by 202 is there after kills without a warning.
// `npm run durability` kills fifty times instead of five.

const KILLS = Number(process.env['DURABILITY_KILLS'] ?? 5);
const SENDERS = 16;
const NO_RATES = ['--rate-per-ip', '1000000', '--burst-per-ip', '1000000'].concat([
  ...['--rate-per-account', '1000000', '--burst-per-account', '1000000'],
  ...['--inbox-messages', '1000000', '--inbox-bytes', '10000000000'],
]);

const dist = walletFolder();
let mediator: MediatorProcess;
afterEach(() => mediator.dispose());

/** An account, and what prints forwards for it. */
async function start(flags: readonly string[]) {
  mediator = await startMediator([...NO_RATES, ...flags], dist);
  const account = await enrol(mediator.url);
  return { client: account.client, print: await printerFor(account) };
}

test.each([
  ['SQLite', async (): Promise<string[]> => []],
  ['PostgreSQL', async () => ['--store', await newDatabase()]],
])(
  `what was answered by 202 is delivered, once, after ${KILLS} kills under load, %s`,
  async (name, store) => {
    const { client, print } = await start(await store());
    const sent = new Set<string>();
    const accepted = new Set<string>();
    let unanswered: Awaited<ReturnType<typeof print>>[] = [];

    /** Sends until the mediator is gone; what got no answer comes again later, as a wallet would send it. */
    const sender = async (isOver: () => boolean): Promise<void> => {
      while (!isOver()) {
        const forward = unanswered.pop() ?? (await print());
        sent.add(forward.letter);
        const answer = await postUnlessGone(mediator.url, forward.packed);
        if (answer?.status === 202) accepted.add(forward.letter);
        else unanswered = [...unanswered, forward];
        if (answer === undefined) return;
      }
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = accepted.size + 10 + ((kill * 37) % 60);
      let killed = false;
      const senders = Array.from({ length: SENDERS }, () => sender(() => killed));
      while (accepted.size < enough) await sleep(1);
      await mediator.kill();
      killed = true;
      await Promise.all(senders);
      await mediator.restart();
    }
    expect(unanswered.length).toBeGreaterThan(0);
    await Promise.all(Array.from({ length: SENDERS }, () => sender(() => unanswered.length === 0)));
    expect(accepted).toEqual(sent);

    const received = await pickUp(client);
    expect(received.length).toBe(new Set(received).size);
    expect(new Set(received)).toEqual(accepted);
    await mediator.stop();
    if (name === 'SQLite') expectSound(join(mediator.dataDir, 'inbox.db'));
    console.log(
      `${name}: ${KILLS} kills, ${accepted.size} forwards answered by 202, all there once`,
    );
  },
  KILLS * 20_000,
);

function expectSound(file: string): void {
  const database = new DatabaseSync(file);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('SELECT n, bytes FROM account WHERE id > 0').get()).toEqual({
    n: 0,
    bytes: 0,
  });
  database.close();
}
