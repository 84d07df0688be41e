import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startMediator } from '../e2e/mediator-process.ts';
import { enrol } from '../src/testing/accounts.ts';
import { walletFolder } from '../src/testing/folders.ts';
import { openSocket } from '../src/testing/running-mediator.ts';

// What an idle socket in live mode leaves in the heap of a mediator. The rest of what it takes is Node's own:
// `npm run bench -- sockets` measures all of it.

const PICKUP = 'https://didcomm.org/messagepickup/3.0';
/** Of these ws and Node take 4,400 for any socket; one that kept the request it began with took 7,300, without 6,200. */
const MOST_BYTES = 7_000;
const SOCKETS = 150;
const NO_LIMITS = ['--rate-per-ip', '--burst-per-ip', '--rate-per-account', '--burst-per-account'];

test('a live socket holds on to little more than itself', async () => {
  const probe = new URL('../src/testing/heap-probe.ts', import.meta.url);
  vi.stubEnv('NODE_OPTIONS', `--import=${probe.href}`);
  const most = ['--sockets-per-ip', '--sockets-per-account', ...NO_LIMITS];
  const flags = most.flatMap((flag) => [flag, '100000']);
  const mediator = await startMediator(['--workers', '0', ...flags], walletFolder());
  vi.unstubAllEnvs();
  onTestFinished(() => mediator.dispose());
  const heap = async (): Promise<number> => {
    const before = mediator.output().length;
    process.kill(mediator.pid() ?? 0, 'SIGUSR2');
    for (;;) {
      const [, bytes] = /HEAP (\d+)\n/.exec(mediator.output().slice(before)) ?? [];
      if (bytes !== undefined) return Number(bytes);
      await sleep(20);
    }
  };
  const { client } = await enrol(mediator.url);
  const open = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const socket = await openSocket(mediator.url);
      onTestFinished(() => socket.raw.terminate());
      socket.send(await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
      await socket.next();
    }
  };
  // Until all that runs once has run.
  await open(SOCKETS);
  const before = await heap();
  await open(SOCKETS);
  const bytesEach = ((await heap()) - before) / SOCKETS;
  expect(bytesEach).toBeLessThan(MOST_BYTES);
}, 60_000);
