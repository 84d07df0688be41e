/**
 * npm run bench -- sockets: idle sockets in live mode, what they take of a mediator's memory, and how long after a
 * forward was sent its receiver's socket brings it; beside a bare WebSocket server (ws) in the same run.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { useNodeBase64 } from '../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../mediator/crypto/node-subtle.ts';
import type { Did } from '../src/did/did.ts';
import { forwardPress } from '../src/testing/forward-press.ts';
import { mediatorClient } from '../src/testing/mediator-client.ts';
import { documentOf } from '../src/testing/peer-did.ts';
import { postTo } from '../src/testing/running-mediator.ts';
import { percentile } from './load/percentile.ts';
import { enrol, machine, subject } from './load/subject.ts';

const SOCKETS = Number(process.env['BENCH_SOCKETS'] ?? 5000);
const SAMPLES = 500;
const AT_ONCE = 50;
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const CM = 'https://didcomm.org/coordinate-mediation/3.0';

interface Line {
  readonly socket: WebSocket;
  readonly did: Did;
}

useNodeCrypto();
useNodeBase64();
const mediator = await subject('--sockets-per-ip', String(SOCKETS), '--sockets', String(SOCKETS));
const echo = fork(fileURLToPath(new URL('load/echo.ts', import.meta.url)));
let mediatorDid: Did | undefined;
const lines: Line[] = [];
const bare: WebSocket[] = [];
try {
  console.log(machine());
  const [echoPort] = (await once(echo, 'message')) as [number];
  const address = mediator.listening.replace('http', 'ws');
  const before = mediator.memory().now;
  for (let opened = 0; opened < SOCKETS; opened += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, () => undefined);
    lines.push(...(await Promise.all(some.map(() => live(`${address}/ws`)))));
    bare.push(...(await Promise.all(some.map(() => open(`ws://127.0.0.1:${echoPort}`)))));
  }
  await sleep(5_000);
  const idle = mediator.memory();
  console.log(`${SOCKETS} idle sockets in live mode, each of an account of its own`);
  console.log(
    `memory of the mediator: ${before.toFixed(0)} MB before, ${idle.now.toFixed(0)} MB idle, ${idle.most.toFixed(0)} MB at most`,
  );
  console.log(`memory of the bare server: ${memoryOf(echo.pid).toFixed(0)} MB`);

  const { routingDid } = await enrol(mediator.listening);
  const press = await forwardPress(await documentOf(routingDid));
  const wakeUps: number[] = [];
  const echoes: number[] = [];
  await mediator.lag();
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const at = (sample * 7919) % SOCKETS;
    const { socket, did } = lines[at]!;
    const { packed } = await press.print(did);
    wakeUps.push(
      await timed(socket, async () => {
        const { status } = await postTo(mediator.listening, packed);
        if (status !== 202) throw new Error(`answered by ${status}`);
      }),
    );
    echoes.push(await timed(bare[at]!, async () => bare[at]!.send(packed)));
  }
  const { p99, max } = await mediator.lag();
  const row = (name: string, values: readonly number[]): void =>
    console.log(
      `${name}  p50 ${percentile(values, 0.5).toFixed(1)} ms  p99 ${percentile(values, 0.99).toFixed(1)} ms`,
    );
  row('forward sent to socket woken', wakeUps);
  row('bare WebSocket echo         ', echoes);
  console.log(
    `wake-up / echo: p50 ${(percentile(wakeUps, 0.5) / percentile(echoes, 0.5)).toFixed(1)}, ` +
      `p99 ${(percentile(wakeUps, 0.99) / percentile(echoes, 0.99)).toFixed(1)}`,
  );
  console.log(
    `event loop of the mediator held: p99 ${p99.toFixed(1)} ms, most ${max.toFixed(1)} ms`,
  );
  console.log(machine());
} finally {
  for (const { socket } of lines) socket.terminate();
  for (const socket of bare) socket.terminate();
  echo.kill();
  await mediator.dispose();
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** A new account, and a socket of it in live mode. */
async function live(url: string): Promise<Line> {
  mediatorDid ??= (await (await fetch(`${mediator.listening}/did`)).text()) as Did;
  const client = await mediatorClient(mediatorDid, (packed) => postTo(mediator.listening, packed));
  const socket = await open(url);
  for (const [type, body] of [
    [`${CM}/mediate-request`, {}],
    [`${PICKUP}/live-delivery-change`, { live_delivery: true }],
  ] as const) {
    const answered = once(socket, 'message');
    socket.send(await client.pack(type, body));
    await answered;
  }
  return { socket, did: client.peer.did };
}

async function timed(socket: WebSocket, act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  const came = once(socket, 'message').then(() => performance.now() - startedAt);
  await act();
  return came;
}

function memoryOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
