import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { startMediator, type MediatorProcess } from '../e2e/mediator-process.ts';
import type { Did } from '../src/did/did.ts';
import { forwardPress } from '../src/testing/forward-press.ts';
import { lettersOf, mediatorClient, type MediatorClient } from '../src/testing/mediator-client.ts';
import { documentOf } from '../src/testing/peer-did.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import { postTo, postUnlessGone } from '../src/testing/running-mediator.ts';

// What was answered by 202 is there after kills without a warning.
// `npm run durability` kills fifty times instead of five.

const KILLS = Number(process.env['DURABILITY_KILLS'] ?? 5);
const SENDERS = 16;
const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const NO_RATES = ['--rate-per-ip', '1000000', '--burst-per-ip', '1000000'].concat([
  ...['--rate-per-account', '1000000', '--burst-per-account', '1000000'],
  ...['--inbox-messages', '1000000', '--inbox-bytes', '10000000000'],
]);

const dist = mkdtempSync(join(tmpdir(), 'dist-'));
writeFileSync(join(dist, 'index.html'), '<title>Parley</title>');
afterAll(() => rmSync(dist, { recursive: true }));
let mediator: MediatorProcess;
afterEach(() => mediator.dispose());

/** An account, and what prints forwards for it. */
async function start(flags: readonly string[]) {
  mediator = await startMediator([...NO_RATES, ...flags], dist);
  const post = (packed: string) => postTo(mediator.url, packed);
  const did = (await (await fetch(`${mediator.url}/did`)).text()) as Did;
  const client = await mediatorClient(did, post);
  const granted = await client.ask(`${CM}/mediate-request`, {});
  const [routingDid] = granted.message?.body['routing_did'] as Did[];
  const press = await forwardPress(await documentOf(routingDid!));
  return { client, print: () => press.print(client.peer.did) };
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

    const received = await everything(client);
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

/** Fetches and acknowledges until nothing is left. */
async function everything(client: MediatorClient): Promise<readonly string[]> {
  const received: string[] = [];
  for (;;) {
    const { message } = await client.ask(`${PICKUP}/delivery-request`, { limit: 20 });
    const letters = lettersOf(message);
    if (letters.length === 0) return received;
    received.push(...letters.map(({ packed }) => packed));
    const ids = letters.map(({ id }) => id);
    await client.ask(`${PICKUP}/messages-received`, { message_id_list: ids });
  }
}

function expectSound(file: string): void {
  const database = new DatabaseSync(file);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('SELECT n, bytes FROM account WHERE id > 0').get()).toEqual({
    n: 0,
    bytes: 0,
  });
  database.close();
}
