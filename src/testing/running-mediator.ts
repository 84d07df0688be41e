import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Limits } from '../../mediator/limits.ts';
import type { AdminOptions } from '../../mediator/operations/admin-server.ts';
import { startMediator, type Mediator } from '../../mediator/server.ts';
import type { InboxStore } from '../../mediator/store/types.ts';
import type { WireAnswer } from './mediator-client.ts';
import { TEST_LIMITS } from './test-mediator.ts';

/** A mediator that listens on a port of this machine. */
export interface RunningMediator extends Mediator {
  readonly faults: unknown[];
  readonly post: (packed: string) => Promise<WireAnswer>;
  socket(path?: string): Promise<TestSocket>;
}

/** A WebSocket whose frames wait until they are asked for. */
export interface TestSocket {
  readonly raw: WebSocket;
  send(frame: string | Buffer): void;
  /** The next frame; rejects after a second. */
  next(): Promise<{ readonly text: string; readonly binary: boolean }>;
  /** True when nothing came for this long. */
  silentFor(ms: number): Promise<boolean>;
  /** The close code. */
  closed(): Promise<number>;
  close(): void;
}

export async function runningMediator(
  options: {
    readonly limits?: Partial<Limits>;
    readonly store?: InboxStore;
    readonly storeUrl?: string;
    readonly nodeAddress?: string;
    readonly pollMs?: number;
    readonly admin?: AdminOptions;
    readonly workers?: number;
    readonly pushServices?: readonly string[];
  } = {},
): Promise<RunningMediator> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mediator-'));
  const faults: unknown[] = [];
  const mediator = await startMediator({
    port: 0,
    host: '127.0.0.1',
    dataDir,
    distDir: join(dataDir, 'no-wallet'),
    ...options,
    limits: { ...TEST_LIMITS, ...options.limits },
    onFault: (fault) => faults.push(fault),
  });
  return {
    ...mediator,
    faults,
    post: (packed) => postTo(mediator.url, packed),
    socket: (path) => openSocket(mediator.url, path),
    close: async () => {
      await mediator.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export async function postTo(url: string, packed: string): Promise<WireAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/didcomm-encrypted+json' },
    body: packed,
  });
  return { status: response.status, body: await response.text() };
}

/** As `postTo`; undefined when the mediator is gone, or goes before it has answered. */
export async function postUnlessGone(url: string, packed: string): Promise<WireAnswer | undefined> {
  try {
    return await postTo(url, packed);
  } catch (fault) {
    const { code = '' } = (fault as { cause?: { code?: string } }).cause ?? {};
    if (!/^(ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code)) throw fault;
    return undefined;
  }
}

export async function openSocket(url: string, path = '/ws'): Promise<TestSocket> {
  const raw = new WebSocket(url.replace(/^http/, 'ws') + path);
  const frames: { text: string; binary: boolean }[] = [];
  const waiting = new Set<() => void>();
  raw.on('message', (data: Buffer, binary: boolean) => {
    frames.push({ text: data.toString(), binary });
    for (const wake of waiting) wake();
  });
  const closed = new Promise<number>((resolve) => raw.once('close', resolve));
  await once(raw, 'open');
  const arrival = async (ms: number): Promise<boolean> => {
    if (frames.length > 0) return true;
    let wake = (): void => undefined;
    const arrived = await new Promise<boolean>((resolve) => {
      wake = () => resolve(true);
      waiting.add(wake);
      setTimeout(() => resolve(false), ms);
    });
    waiting.delete(wake);
    return arrived;
  };
  return {
    raw,
    send: (frame) => raw.send(frame),
    next: async () => {
      await arrival(1_000);
      const frame = frames.shift();
      if (!frame) throw new Error('no frame within a second');
      return frame;
    },
    silentFor: async (ms) => !(await arrival(ms)),
    closed: () => closed,
    close: () => raw.close(),
  };
}
