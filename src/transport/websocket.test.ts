import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { connectWebSocket, type LiveSocket } from './websocket.ts';

let server: WebSocketServer;
let url: string;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
});
afterAll(() => server.close());

interface Connected {
  readonly socket: LiveSocket;
  readonly other: ServerSocket;
  readonly frames: string[];
  readonly closed: Promise<void>;
  readonly next: () => Promise<string>;
}

async function connect(): Promise<Connected> {
  const accepted = new Promise<ServerSocket>((resolve) => server.once('connection', resolve));
  const frames: string[] = [];
  const waiting: (() => void)[] = [];
  let socket: LiveSocket | undefined;
  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => (close = resolve));
  await new Promise<void>((resolve) => {
    socket = connectWebSocket(url, {
      onOpen: resolve,
      onEnvelope: (packed) => {
        frames.push(packed);
        waiting.shift()?.();
      },
      onClose: close,
    });
    expect(socket.open).toBe(false);
  });
  if (!socket) throw new Error('no socket');
  const next = async (): Promise<string> => {
    if (frames.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return frames.shift() ?? '';
  };
  return { socket, other: await accepted, frames, closed, next };
}

test('text and binary frames are both envelopes; text is sent (I11)', async () => {
  const { socket, other, next } = await connect();
  expect(socket.open).toBe(true);
  other.send('{"a":"ä"}');
  expect(await next()).toBe('{"a":"ä"}');
  other.send(Buffer.from('{"b":"ß"}'));
  expect(await next()).toBe('{"b":"ß"}');
  other.send(Buffer.from([0xff, 0x41]));
  expect(await next()).toBe('\ufffdA');
  const received = new Promise<[string, boolean]>((resolve) =>
    other.once('message', (data: Buffer, binary) => resolve([data.toString(), binary])),
  );
  socket.send('{"c":1}');
  expect(await received).toEqual(['{"c":1}', false]);
  socket.close();
});

test.each([
  ['the wallet', ({ socket }: Connected) => socket.close()],
  ['the mailbox', ({ other }: Connected) => other.close()],
  ['nobody in particular', ({ other }: Connected) => other.terminate()],
])('closed by %s, it is closed', async (_who, close) => {
  const connected = await connect();
  close(connected);
  await connected.closed;
  expect(connected.socket.open).toBe(false);
});

test('nobody there: it closes, and never opened', async () => {
  let opened = false;
  await new Promise<void>((resolve) => {
    connectWebSocket('ws://127.0.0.1:1/ws', {
      onOpen: () => (opened = true),
      onEnvelope: () => undefined,
      onClose: resolve,
    });
  });
  expect(opened).toBe(false);
});
