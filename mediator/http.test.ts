import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { forwardOf, letterFor, mediatorClient } from '../src/testing/mediator-client.ts';
import { memoryStore } from '../src/testing/memory-store.ts';
import { runningMediator, type RunningMediator } from '../src/testing/running-mediator.ts';
import type { Limits } from './limits.ts';

const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';

let mediator: RunningMediator;
afterEach(async () => {
  await mediator.close();
  expect(mediator.faults).toEqual([]);
});
const start = async (limits: Partial<Limits> = {}): Promise<void> => {
  mediator = await runningMediator({ limits });
};

const connected = async (): Promise<Socket> => {
  const socket = connect(Number(new URL(mediator.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
};
/** Everything that comes until the other side closes, or resets what it has not read to its end. */
const answerOf = async (socket: Socket): Promise<string> => {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(parts).toString();
};

test('serves the envelope with exactly the media type of the standard', async () => {
  await start();
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  const response = await fetch(`${mediator.url}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/didcomm-encrypted+json; charset=utf-8' },
    body: await client.pack(PING, {}),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/didcomm-encrypted+json');
  expect((await client.open(await response.text())).message.type).toBe(`${PING}-response`);
});

test('a body over 1 MiB is refused with 413, announced or not', async () => {
  await start();
  const big = 'x'.repeat(1024 * 1024 + 1);
  expect((await mediator.post(big)).status).toBe(413);
  const socket = await connected();
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (let i = 0; i < 17; i += 1) socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 413 /);
});

test('who asks before it sends is told to go on, or that it is too much', async () => {
  await start();
  for (const [length, first] of [
    [2, '100 Continue'],
    [1024 * 1024 + 1, '413 Payload Too Large'],
  ] as const) {
    const socket = await connected();
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`,
    );
    const [said] = (await once(socket, 'data')) as [Buffer];
    expect(said.toString().split('\r\n')[0]).toBe(`HTTP/1.1 ${first}`);
    if (length > 2) continue;
    socket.end('{}');
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

test('a client that dawdles is let go', async () => {
  await start({ headersMs: 200, requestMs: 400 });
  const slowHeaders = await connected();
  slowHeaders.write('POST / HTTP/1.1\r\nHost: x\r\n');
  const slowBody = await connected();
  slowBody.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx');
  for (const answer of await Promise.all([answerOf(slowHeaders), answerOf(slowBody)]))
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('a body that trickles in is cut off, one that comes slowly is not', async () => {
  await start({ requestMs: 60_000, bodyBytesPerSecond: 100 });
  const trickle = await connected();
  trickle.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n');
  const slow = await connected();
  slow.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n');
  const drops = setInterval(() => trickle.write('x'), 100);
  const pours = setInterval(() => slow.write('x'.repeat(100)), 100);
  expect(await answerOf(trickle)).toBe('');
  clearInterval(drops);
  expect(await answerOf(slow)).toMatch(/^HTTP\/1\.1 400 /);
  clearInterval(pours);
}, 30_000);

test('a store that cannot write is 503, never a 2xx', async () => {
  const broken = new Error('disk full');
  const store = { ...memoryStore(), enqueue: () => Promise.reject(broken) };
  mediator = await runningMediator({ store });
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  const letter = await letterFor(client.peer, 'hello');
  const answer = await mediator.post(
    await forwardOf(letter, client.peer.did, mediator.identity.routingDid),
  );
  expect(answer).toEqual({ status: 503, body: '' });
  expect(mediator.faults.splice(0)).toEqual([broken]);
});

test('a client that hangs up in the middle is no fault', async () => {
  await start();
  for (let i = 0; i < 20; i += 1) {
    const socket = await connected();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx');
    socket.destroy();
  }
  expect((await fetch(`${mediator.url}/health`)).status).toBe(200);
});

test('a client that offers HTTP/2 is answered as one that does not', async () => {
  await start();
  const offer =
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
  for (const [request, status] of [
    ['GET /health HTTP/1.1\r\nHost: x\r\n', 200],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n', 400],
    ['GET /ws HTTP/1.1\r\nHost: x\r\n', 404],
  ] as const) {
    const socket = await connected();
    socket.end(`${request}${offer}\r\n{}`);
    expect(await answerOf(socket), request).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

test('HEAD says what GET says, and how much', async () => {
  await start();
  const said = async (method: string) => {
    const answer = await fetch(`${mediator.url}/did`, { method });
    const { headers } = answer;
    return [headers.get('content-type'), headers.get('content-length'), await answer.text()];
  };
  const [type, length, did] = await said('GET');
  expect(Number(length)).toBe(did?.length);
  expect(await said('HEAD')).toEqual([type, length, '']);
});

test('who does not take its answers is let go, and its mail stays', async () => {
  await start({ socketPingMs: 500 });
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  await client.ask('https://didcomm.org/coordinate-mediation/3.0/mediate-request', {});
  const { peer } = client;
  for (let i = 0; i < 5; i += 1) {
    const letter = await letterFor(peer, 'x'.repeat(60_000));
    await mediator.post(await forwardOf(letter, peer.did, mediator.identity.routingDid));
  }
  const ask = () => client.pack(`${PICKUP}/delivery-request`, { limit: 9 });
  const asked = await Promise.all(Array.from({ length: 40 }, ask));
  const socket = await connected();
  const answered = answerOf(socket);
  socket.pause();
  for (const packed of asked)
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${packed.length}\r\n\r\n${packed}`);
  await sleep(3_000);
  socket.resume();
  const answers = (await answered).match(/HTTP\/1\.1 200 /g) ?? [];
  expect(answers.length).toBeLessThan(asked.length);
  const { message } = await client.ask(`${PICKUP}/status-request`, {});
  expect(message?.body['message_count']).toBe(5);
});

test('odd targets and upgrades are refused, and the mediator lives on', async () => {
  await start();
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nHost: x\r\n';
  for (const [request, status] of [
    ['GET //[ HTTP/1.1\r\nHost: x\r\n', 404],
    ['GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n', 404],
    ['POST http://[ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n', 404],
    [`GET //[ HTTP/1.1\r\n${upgrade}`, 404],
    [`GET /elsewhere HTTP/1.1\r\n${upgrade}`, 404],
    [`GET /ws HTTP/1.1\r\n${upgrade}`, 400],
    ['nonsense', 400],
  ] as const) {
    const socket = await connected();
    socket.end(`${request}\r\n`);
    expect(await answerOf(socket), request).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  }
  expect((await fetch(`${mediator.url}/health`)).status).toBe(200);
});
