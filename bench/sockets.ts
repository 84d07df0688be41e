/**
 * npm run bench -- sockets: idle sockets in live mode, what they take of a mediator's memory, and how long after a
 * forward was sent its receiver's socket brings it, on one node and from one node to another; beside a bare WebSocket
 * server (ws) with as many sockets in the same run.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WebSocket } from 'ws';
import { useNodeBase64 } from '../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../mediator/crypto/node-subtle.ts';
import { enrol } from '../src/testing/accounts.ts';
import { forwardPress } from '../src/testing/forward-press.ts';
import { documentOf } from '../src/testing/peer-did.ts';
import { postgresServer } from '../src/testing/postgres/server.ts';
import { Line, postOf } from './load/line.ts';
import { bareSocket, liveSockets, several } from './load/live-socket.ts';
import { percentile } from './load/percentile.ts';
import { machine, subject, type Subject } from './load/subject.ts';

const SOCKETS = Number(process.env['BENCH_SOCKETS'] ?? 5000);
/** Those of them that are woken. The process that measures holds no others. */
const WOKEN = Math.min(500, SOCKETS);
const WARM_UP = 50;
/** Longer than the time between two pings of a socket. */
const IDLE_MS = 35_000;
const PUBLIC_URL = 'https://mediator.example.org';
const ROOM = ['--sockets-per-ip', String(SOCKETS), '--sockets', String(SOCKETS)];

useNodeCrypto();
useNodeBase64();
console.log(machine());
const echo = fork(fileURLToPath(new URL('load/echo.ts', import.meta.url)));
const ended: (() => unknown)[] = [() => echo.kill()];
let bare: readonly WebSocket[] = [];
try {
  const [echoPort] = (await once(echo, 'message')) as [number];
  const echoUrl = `ws://127.0.0.1:${echoPort}`;
  const bareCrowd = await crowd(echoUrl);
  ended.unshift(() => bareCrowd.kill());
  bare = await several(WOKEN, () => bareSocket(echoUrl));
  const alone = await subject(...ROOM);
  ended.unshift(() => alone.dispose());
  await measure('one node, SQLite', alone, alone);
  await ended.shift()?.();

  const postgres = await postgresServer(tmpdir());
  ended.unshift(() => postgres.dispose());
  const node = ['--store', postgres.url(), '--url', PUBLIC_URL, '--node-address', '127.0.0.1:0'];
  const one = await subject(...ROOM, ...node);
  ended.unshift(() => one.dispose());
  const two = await subject(...ROOM, ...node);
  ended.unshift(() => two.dispose());
  await measure('sent to one node, socket at another, PostgreSQL', one, two);
  console.log(machine());
} finally {
  for (const socket of bare) socket.terminate();
  for (const end of ended) await end();
}

/**
 * @param to the node that forwards are sent to
 * @param at the one with the sockets
 */
async function measure(name: string, to: Subject, at: Subject): Promise<void> {
  console.log(`\n${name}: ${SOCKETS} idle sockets in live mode, each of an account of its own`);
  const before = at.memory().now;
  const others = await crowd(at.listening);
  const wallets = await liveSockets(at.listening, WOKEN);
  await sleep(IDLE_MS);
  const { now, most } = at.memory();
  const mb = (amount: number): string => `${amount.toFixed(0)} MB`;
  console.log(
    `memory of the mediator: ${mb(before)} before, ${mb(now)} idle, ${mb(most)} at most; ` +
      `of the bare server: ${mb(memoryOf(echo))}`,
  );

  const { routingDid } = await enrol(to.listening);
  const press = await forwardPress(await documentOf(routingDid));
  const rounds = await Promise.all(
    Array.from({ length: WARM_UP + WOKEN }, async (_, i) => {
      const { socket, did } = wallets[i % WOKEN]!;
      const { packed } = await press.print(did);
      return { socket, echoed: bare[i % WOKEN]!, packed, request: postOf(packed) };
    }),
  );
  const line = new Line(Number(new URL(to.listening).port));
  const times: { answered: number[]; woken: number[]; echoed: number[] } = {
    answered: [],
    woken: [],
    echoed: [],
  };
  const held = monitorEventLoopDelay({ resolution: 1 });
  for (const [i, { socket, echoed, packed, request }] of rounds.entries()) {
    if (i === WARM_UP) {
      for (const values of Object.values(times)) values.length = 0;
      await Promise.all([to.lag(), at.lag()]);
      held.enable();
    }
    const woken = arrival(socket);
    const { status } = await line.ask(request);
    times.answered.push(performance.now() - woken.since);
    if (status !== 202) throw new Error(`answered by ${status}`);
    times.woken.push(await woken.after);
    const back = arrival(echoed);
    echoed.send(packed);
    times.echoed.push(await back.after);
  }
  held.disable();
  line.end();
  const nodes = [...new Set([to, at])];
  const lags = await Promise.all(nodes.map((node) => node.lag()));
  print('forward sent to answered by 202', times.answered);
  print('forward sent to socket woken   ', times.woken);
  print('bare WebSocket echo            ', times.echoed);
  const ratio = (part: number): string =>
    (percentile(times.woken, part) / percentile(times.echoed, part)).toFixed(1);
  console.log(`wake-up / echo: p50 ${ratio(0.5)}, p99 ${ratio(0.99)}`);
  const ms = (p99: number, max: number): string => `${p99.toFixed(1)} ms, ${max.toFixed(1)} ms`;
  console.log(
    `event loop held, p99 and most: of the mediator ${lags.map(({ p99, max }) => ms(p99, max)).join(' and ')}; ` +
      `of this bench ${ms(held.percentile(99) / 1e6, held.max / 1e6)}`,
  );
  for (const { socket } of wallets) socket.terminate();
  others.kill();
}

/** Milliseconds from now to the next message, taken when it is there. */
function arrival(socket: WebSocket): { readonly since: number; readonly after: Promise<number> } {
  const since = performance.now();
  const after = new Promise<number>((resolve) => {
    socket.once('message', () => resolve(performance.now() - since));
  });
  return { since, after };
}

function print(name: string, values: readonly number[]): void {
  const [p50, p99] = [percentile(values, 0.5), percentile(values, 0.99)];
  console.log(`${name}  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`);
}

/** The sockets that are never woken, once they are open. */
async function crowd(url: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('load/crowd.ts', import.meta.url));
  const child = fork(script, [url, String(SOCKETS - WOKEN)]);
  // Once they are open it ends because this process ends it; one that dies earlier is seen by its sockets.
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the process that holds the sockets ended')));
  });
  return child;
}

function memoryOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
