import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startMediator, type MediatorProcess } from '../../e2e/mediator-process.ts';
import type { LoadOrder, LoadReport } from './exchange.ts';

// A real mediator under measurement, and the process that makes its load.

const probe = fileURLToPath(new URL('lag-probe.ts', import.meta.url));
const NO_LIMITS = [
  ...['--rate-per-ip', '100000000', '--burst-per-ip', '100000000'],
  ...['--rate-per-account', '100000000', '--burst-per-account', '100000000'],
  ...['--inbox-messages', '10000000', '--inbox-bytes', '100000000000'],
];

export interface Subject extends MediatorProcess {
  /** Where it listens, whatever URL it was told. */
  readonly listening: string;
  /** Megabytes: now, and at most since its start. */
  memory(): { readonly now: number; readonly most: number };
  /** Milliseconds that a timer came too late on its main thread since the last time this was asked. */
  lag(): Promise<{ readonly p50: number; readonly p99: number; readonly max: number }>;
  /** Megabytes that its main thread holds on to: without garbage, and without what the system has not taken back. */
  held(): Promise<number>;
}

/** Starts a mediator with limits that a bench does not meet. */
export async function subject(...flags: readonly string[]): Promise<Subject> {
  const dist = mkdtempSync(path.join(tmpdir(), 'bench-dist-'));
  writeFileSync(path.join(dist, 'index.html'), '<title>Parley</title>');
  process.env['NODE_OPTIONS'] = `--import=${probe}`;
  const port = await freePort();
  const mediator = await startMediator(['--port', String(port), ...NO_LIMITS, ...flags], dist);
  delete process.env['NODE_OPTIONS'];
  const pid = (): number => {
    const id = mediator.pid();
    if (id === undefined) throw new Error('the mediator is gone');
    return id;
  };
  const ask = async (signal: 'SIGUSR2' | 'SIGHUP', answer: RegExp) => {
    const before = mediator.output().length;
    process.kill(pid(), signal);
    for (;;) {
      const said = answer.exec(mediator.output().slice(before));
      const [a = NaN, b = NaN, c = NaN] = (said ?? []).slice(1).map(Number);
      if (said) return [a, b, c] as const;
      await sleep(20);
    }
  };
  return {
    ...mediator,
    listening: `http://127.0.0.1:${port}`,
    memory: () => {
      const status = readFileSync(`/proc/${pid()}/status`, 'utf8');
      const line = (name: string): number =>
        Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
      return { now: line('VmRSS'), most: line('VmHWM') };
    },
    lag: async () => {
      const [p50, p99, max] = await ask('SIGUSR2', /LAG (\S+) (\S+) (\S+)\n/);
      return { p50, p99, max };
    },
    held: async () => (await ask('SIGHUP', /HELD (\S+)()()\n/))[0],
    dispose: async () => {
      await mediator.dispose();
      rmSync(dist, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const door = createServer().listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { port } = door.address() as AddressInfo;
  door.close();
  await once(door, 'close');
  return port;
}

export interface Load {
  ask<K extends LoadReport['kind']>(
    order: LoadOrder,
    kind: K,
  ): Promise<Extract<LoadReport, { kind: K }>>;
  end(): void;
}

/** A process of its own, so that its work does not count as the mediator's. */
export function load(): Load {
  const child: ChildProcess = fork(fileURLToPath(new URL('generator.ts', import.meta.url)), {
    execArgv: ['--max-old-space-size=4096'],
  });
  return {
    ask: async (order, kind) => {
      child.send(order);
      const [report] = (await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(() => [undefined]),
      ])) as [LoadReport | undefined];
      if (report?.kind !== kind) throw new Error('the load generator ended');
      return report as Extract<LoadReport, { kind: typeof kind }>;
    },
    end: () => child.kill(),
  };
}

/** How busy the machine was by itself. */
export const machine = (): string =>
  `${new Date().toISOString()}, Node ${process.versions.node}, load average ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`;
