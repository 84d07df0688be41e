import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { enrol, pickUp, printerFor } from '../src/testing/accounts.ts';
import { postgresServer, type PostgresServer } from '../src/testing/postgres/server.ts';
import { runningMediator } from '../src/testing/running-mediator.ts';
import { StoreError } from './store/errors.ts';

// Two servers, of which one follows the other and takes its place.

async function ownerOf(server: PostgresServer) {
  const owner = new Client(server.url());
  owner.on('error', () => undefined); // its server is killed
  await owner.connect();
  onTestFinished(() => owner.end());
  return async (text: string) => (await owner.query<Record<string, unknown>>(text)).rows;
}

test('when the first server is killed its synchronous standby takes over, and nothing answered is lost', async () => {
  const first = await postgresServer();
  onTestFinished(() => first.dispose());
  const second = await first.standby();
  onTestFinished(() => second.dispose());
  const [one, two] = [await ownerOf(first), await ownerOf(second)];
  await one(`ALTER SYSTEM SET synchronous_standby_names='ANY 1 (*)'`);
  await one('SELECT pg_reload_conf()');
  await vi.waitFor(async () => {
    expect(await one('SELECT sync_state FROM pg_stat_replication')).toEqual([
      { sync_state: 'quorum' },
    ]);
  });

  const hosts = [second, first].map((server) => new URL(server.url()).host).join();
  const storeUrl = first.url().replace(new URL(first.url()).host, hosts);
  const mediator = await runningMediator({ storeUrl });
  const account = await enrol(mediator.url);
  const print = await printerFor(account);
  const accepted: string[] = [];
  let refused = 0;
  let done = false;
  const sender = async (): Promise<void> => {
    while (!done) {
      const { packed, letter } = await print();
      if ((await mediator.post(packed)).status === 202) accepted.push(letter);
      else refused += 1;
    }
  };
  const senders = Array.from({ length: 4 }, sender);
  const grown = async (by: number): Promise<void> => {
    const before = accepted.length;
    while (accepted.length < before + by) await sleep(20);
  };
  await grown(20);

  // While the standby hears nothing there is no 202: this ends only if they cease.
  const [receiver] = await two('SELECT pid FROM pg_stat_wal_receiver');
  process.kill(Number(receiver?.['pid']), 'SIGSTOP');
  for (let before = -1; before < accepted.length;) {
    before = accepted.length;
    await sleep(700);
  }
  await first.kill();
  process.kill(Number(receiver?.['pid']), 'SIGCONT');
  await two('SELECT pg_promote()');
  await grown(20);
  done = true;
  await Promise.all(senders);
  expect(refused).toBeGreaterThan(0);

  const received = await pickUp(account.client);
  expect(received.length).toBe(new Set(received).size);
  expect(accepted.filter((letter) => !received.includes(letter))).toEqual([]);
  await mediator.close();
  expect(mediator.faults.filter((fault) => !(fault instanceof StoreError))).toEqual([]);
});
