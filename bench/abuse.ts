/**
 * npm run bench -- abuse: whether a sender can tell by time who has a mailbox, and how long honest clients wait
 * while a thousand sockets dawdle and others throw bodies that are too big, forged or sent before.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { startMediator } from '../e2e/mediator-process.ts';
import type { Did } from '../src/did/did.ts';
import { forwardOf, letterFor, mediatorClient } from '../src/testing/mediator-client.ts';
import { newPeer } from '../src/testing/peer.ts';
import { postTo } from '../src/testing/running-mediator.ts';

const EACH = Number(process.env['BENCH_FORWARDS'] ?? 2_000);
const LORISES = 1_000;
const CM = 'https://didcomm.org/coordinate-mediation/3.0';

const dist = mkdtempSync(path.join(tmpdir(), 'dist-'));
writeFileSync(path.join(dist, 'index.html'), '');
const flags = ['--forward-unknown', 'silent'];
for (const rate of ['rate-per-ip', 'burst-per-ip', 'rate-per-account', 'burst-per-account'])
  flags.push(`--${rate}`, '1000000');
const mediator = await startMediator([...flags, '--inbox-messages', '1000000'], dist);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const at = (values: readonly number[], part: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
const quantiles = (values: readonly number[]): string =>
  [0.5, 0.9, 0.99].map((part) => at(values, part).toFixed(2).padStart(8)).join(' ');

/** One request on a connection that stays. @returns ms to the last byte of the answer */
const timed = (body: string): Promise<{ ms: number; status: number }> =>
  new Promise((resolve, reject) => {
    const before = performance.now();
    const outgoing = request(mediator.url, { method: 'POST', agent }, (response) => {
      response.resume().on('end', () => {
        resolve({ ms: performance.now() - before, status: response.statusCode ?? 0 });
      });
    });
    outgoing.on('error', reject).end(body);
  });

/** The chance that one of `b` took longer than one of `a`: 0.5 when nothing can be told. */
function area(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((ms) => ({ ms, b: 0 })), ...b.map((ms) => ({ ms, b: 1 }))];
  all.sort((x, y) => x.ms - y.ms);
  const ranks = all.reduce((sum, one, index) => sum + one.b * (index + 1), 0);
  return (ranks - (b.length * (b.length + 1)) / 2) / (a.length * b.length);
}

try {
  const did = (await (await fetch(`${mediator.url}/did`)).text()) as Did;
  const client = await mediatorClient(did, (packed) => postTo(mediator.url, packed));
  const granted = await client.ask(`${CM}/mediate-request`, {});
  const [routingDid] = granted.message?.body['routing_did'] as Did[];
  const nobody = await newPeer();
  const forward = async (to: Did): Promise<string> =>
    forwardOf(await letterFor(client.peer, crypto.randomUUID()), to, routingDid!);

  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < EACH; i += 1)
    for (const [to, times] of i % 2
      ? ([
          [client.peer.did, known],
          [nobody.did, unknown],
        ] as const)
      : ([
          [nobody.did, unknown],
          [client.peer.did, known],
        ] as const)) {
      const { ms, status } = await timed(await forward(to));
      if (status !== 202) throw new Error(`answered by ${status}`);
      times.push(ms);
    }
  console.log(`forwards answered alike, ${EACH} each   p50      p90      p99 ms`);
  console.log(`to somebody known            ${quantiles(known)}`);
  console.log(`to nobody                    ${quantiles(unknown)}`);
  const auc = area(known, unknown);
  const error = Math.sqrt((2 * EACH + 1) / (12 * EACH * EACH));
  console.log(
    `area under the curve ${auc.toFixed(3)} (0.5: cannot be told; chance alone: ± ${(2 * error).toFixed(3)})`,
  );

  const honest: number[] = [];
  const quiet: number[] = [];
  for (let i = 0; i < 200; i += 1) quiet.push((await timed(await forward(client.peer.did))).ms);
  const { port } = new URL(mediator.url);
  const lorises: Socket[] = Array.from({ length: LORISES }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\n');
    return socket;
  });
  let attacking = true;
  const replay = await client.pack('https://didcomm.org/trust-ping/2.0/ping', {});
  const forged = replay.replace(/"tag":"./, '"tag":"_');
  const counts = new Map<string, number>();
  const attack = async (name: string, body: string): Promise<void> => {
    while (attacking) {
      const status = await postTo(mediator.url, body).then(
        (answer) => String(answer.status),
        () => 'cut off',
      );
      counts.set(`${name} ${status}`, (counts.get(`${name} ${status}`) ?? 0) + 1);
    }
  };
  const attacks = [
    attack('10 MB', 'x'.repeat(10_000_000)),
    attack('replayed', replay),
    attack('forged', forged),
  ];
  const until = performance.now() + 10_000;
  while (performance.now() < until) honest.push((await timed(await forward(client.peer.did))).ms);
  attacking = false;
  await Promise.all(attacks);
  const left = lorises.filter((socket) => !socket.destroyed && socket.readyState === 'open').length;
  for (const socket of lorises) socket.destroy();
  console.log(`honest forwards, alone       ${quantiles(quiet)}`);
  console.log(`honest forwards, attacked    ${quantiles(honest)}   (${honest.length} in 10 s)`);
  console.log(`slow sockets still open after 10 s: ${left} of ${LORISES}`);
  for (const [name, count] of counts) console.log(`  ${name}: ${count}`);
} finally {
  agent.destroy();
  await mediator.dispose();
  rmSync(dist, { recursive: true });
}
