/** The process that makes the load of a bench: everything is made beforehand, so that it takes little from others. */
import type { Buffer } from 'node:buffer';
import process from 'node:process';
import { useNodeBase64 } from '../../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../../mediator/crypto/node-subtle.ts';
import { resolveDid } from '../../src/did/resolve.ts';
import { forwardPress } from '../../src/testing/forward-press.ts';
import type { LoadOrder, LoadReport } from './exchange.ts';
import { Line, postOf } from './line.ts';
import { percentile } from './percentile.ts';

useNodeCrypto();
useNodeBase64();
let requests: Buffer[] = [];

process.on('message', (order: LoadOrder) => {
  const work = order.kind === 'prepare' ? prepare(order) : run(order);
  work.then(
    (report) => process.send?.(report),
    (fault: unknown) => {
      console.error(fault);
      process.exit(1);
    },
  );
});

async function prepare({
  routingDid,
  recipients,
  count,
}: Extract<LoadOrder, { kind: 'prepare' }>): Promise<LoadReport> {
  const resolved = await resolveDid(routingDid);
  if (resolved.kind !== 'ok') throw new Error(resolved.kind);
  const press = await forwardPress(resolved.document);
  requests = [];
  let bytes = 0;
  for (let i = 0; i < count; i += 1) {
    const { packed } = await press.print(recipients[i % recipients.length]!);
    bytes = packed.length;
    requests.push(postOf(packed));
  }
  return { kind: 'prepared', bytes };
}

async function run({
  port,
  connections,
  seconds,
}: Extract<LoadOrder, { kind: 'run' }>): Promise<LoadReport> {
  const answers: Record<number, number> = {};
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const line = new Line(port);
      for (;;) {
        const sentAt = performance.now();
        const request = requests[next];
        if (sentAt >= endsAt || !request) break;
        next += 1;
        const { status } = await line.ask(request);
        answers[status] = (answers[status] ?? 0) + 1;
        if (status === 202) latencies.push(performance.now() - sentAt);
        if (status === 0) break;
      }
      line.end();
    }),
  );
  const took = (performance.now() - startedAt) / 1000;
  if (next >= requests.length) throw new Error('too few forwards were made for this machine');
  return {
    kind: 'ran',
    answers,
    seconds: took,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}
