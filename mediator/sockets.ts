import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Bytes } from '../src/lib/bytes.ts';
import { pathOf } from './http.ts';
import type { RateLimit } from './rate-limit.ts';
import { receive } from './receive.ts';
import { SocketSession, type SessionContext } from './socket-session.ts';

const SERVICE_RESTART = 1012;
const INTERNAL_ERROR = 1011;
const DRAIN_MS = 2_000;
const READ_MS = 50;

interface SocketsContext extends SessionContext {
  readonly ipRate: RateLimit;
  /** Paths that a client may upgrade at, and the frames that go out there (rule I61). */
  readonly paths: ReadonlyMap<string, 'text' | 'binary'>;
  readonly clientOf: (request: IncomingMessage) => string;
}

export interface LiveSockets {
  readonly size: number;
  /** Closes every socket with 1012, so that clients come back to the next process. */
  close(): Promise<void>;
}

/** Two-way DIDComm on WebSockets: one packed message a frame, answers on the socket, mail in live mode. */
export function serveSockets(server: Server, context: SocketsContext): LiveSockets {
  const { limits, ipRate, clientOf } = context;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.bodyBytes,
    perMessageDeflate: false,
  });
  const perClient = new Map<string, number>();
  const perAccount = new Map<string, Set<WebSocket>>();
  const underway = new Set<Promise<void>>();

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = pathOf(request);
    stream.on('error', () => stream.destroy());
    const client = clientOf(request);
    const open = perClient.get(client) ?? 0;
    const frames = context.paths.get(path);
    if (frames === undefined) refuse(stream, '404 Not Found');
    else if (sockets.clients.size >= limits.sockets) refuse(stream, '503 Service Unavailable');
    else if (open >= limits.socketsPerIp || ipRate.take(client) > 0)
      refuse(stream, '429 Too Many Requests');
    else {
      perClient.set(client, open + 1);
      stream.once('close', () => {
        const left = (perClient.get(client) ?? 1) - 1;
        if (left === 0) perClient.delete(client);
        else perClient.set(client, left);
      });
      sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, client, frames));
    }
  });

  function serve(socket: WebSocket, client: string, out: 'text' | 'binary'): void {
    const session = new SocketSession(socket, context, perAccount, out);
    const alive = pinging(socket, limits.socketPingMs);
    const frames: Bytes[] = [];
    socket.on('message', (data: RawData) => {
      frames.push(bytesOf(data));
      if (frames.length > 1) return;
      const work = takeFrames(socket, session, frames, client);
      underway.add(work);
      void work.finally(() => underway.delete(work));
    });
    // A frame over the limit or out of protocol: ws closes the socket with its code.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(alive);
      session.end();
    });
  }

  /** One frame at a time: a client that sends faster than it is served waits in its own connection. */
  async function takeFrames(
    socket: WebSocket,
    session: SocketSession,
    frames: Bytes[],
    client: string,
  ): Promise<void> {
    socket.pause();
    try {
      for (const packed of frames) {
        await takeFrame(context, socket, session, packed, client);
        // Answers that nobody reads must not pile up here; who reads nothing answers no ping either.
        while (socket.bufferedAmount > limits.bufferedBytes && socket.readyState === socket.OPEN)
          await sleep(READ_MS);
      }
    } catch (fault) {
      context.onFault(fault);
      socket.close(INTERNAL_ERROR);
    }
    frames.length = 0;
    socket.resume();
  }

  return {
    get size() {
      return sockets.clients.size;
    },
    close: async () => {
      for (const socket of sockets.clients) socket.close(SERVICE_RESTART);
      const deadline = Date.now() + DRAIN_MS;
      while (sockets.clients.size + underway.size > 0 && Date.now() < deadline) await sleep(20);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

async function takeFrame(
  context: SocketsContext,
  socket: WebSocket,
  session: SocketSession,
  packed: Bytes,
  client: string,
): Promise<void> {
  const wait = context.ipRate.take(client);
  if (wait > 0) {
    context.receive.metrics.count('rate_limited_total', { of: 'address' });
    await sleep(wait * 1000);
  }
  for (;;) {
    // A copy: what is read on another thread is gone from this one.
    const answer = await receive(context.receive, packed.slice(), client, session);
    if (answer.reply) session.send(answer.reply.packed);
    if (answer.status !== 429 && answer.status !== 503) return;
    await sleep((answer.retryAfterSeconds ?? 1) * 1000);
    // What waits here counts with its socket alone: who closes one after the other must not fill the memory.
    if (socket.readyState !== socket.OPEN) return;
  }
}

/** Ends a socket whose other side has not answered a ping by the time of the next one. */
function pinging(socket: WebSocket, everyMs: number): NodeJS.Timeout {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return setInterval(() => {
    if (!answered) socket.terminate();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
}

/** Text and binary frames are taken alike (rule I61). */
const bytesOf = (data: RawData): Bytes =>
  new Uint8Array(Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer));

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
