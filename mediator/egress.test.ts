import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { isAllowedEndpoint, postOnce } from './egress.ts';

test.each([
  ['https://wallet.example/inbox', true, true],
  ['http://wallet.example/', false, false],
  ['https://user:password@wallet.example/', false, false],
  ['https://wallet.example/#x', false, false],
  ['https://127.0.0.1/', false, true],
  ['https://2130706433/', false, true],
  ['https://[::1]/', false, true],
  ['https://[::ffff:10.0.0.1]/', false, true],
  ['https://169.254.169.254/latest/meta-data', false, true],
  ['https://192.0.0.8/', false, true],
  ['https://198.18.0.1/', false, true],
  ['https://198.19.255.255/', false, true],
  ['https://[::ffff:198.18.0.1]/', false, true],
  ['https://224.0.0.1/', false, true],
  ['https://255.255.255.255./', false, true],
  ['https://192.0.1.8/', true, true],
  ['https://198.20.0.1/', true, true],
  ['https://[::ffff:198.20.0.1]/', true, true],
  ['https://printer.local/', false, true],
  ['https://intranet/', false, true],
  ['http://localhost:8080/', false, true],
  ['ws://localhost:8080/', false, false],
  ['file:///etc/passwd', false, false],
  ['didcomm:transport/queue', false, false],
  ['', false, false],
  [`https://wallet.example/${'x'.repeat(3000)}`, false, false],
])('%s: %s from a public mediator, %s from a local one', (url, fromPublic, fromLocal) => {
  expect(isAllowedEndpoint(url, false)).toBe(fromPublic);
  expect(isAllowedEndpoint(url, true)).toBe(fromLocal);
});

test('posts once: no redirect is followed, no answer is read, none is waited for too long', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (request.url === '/moved') response.writeHead(307, { location: '/ok' }).end();
    else if (request.url === '/endless') {
      response.writeHead(200);
      const feed = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.once('close', () => clearInterval(feed));
    } else if (request.url !== '/silent') response.writeHead(202).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = (path: string, ownIsLocal = true) =>
    postOnce(`http://127.0.0.1:${port}${path}`, '{}', { ownIsLocal, timeoutMs: 300 });
  expect(await post('/ok')).toBe(true);
  expect(await post('/moved')).toBe(false);
  expect(await post('/endless')).toBe(true);
  expect(await post('/silent')).toBe(false);
  expect(asked).toEqual(['POST /ok', 'POST /moved', 'POST /endless', 'POST /silent']);
  server.closeAllConnections();
  server.close();
  expect(await post('/ok')).toBe(false);
});

test('a public name that points into the local net is not followed', async () => {
  const server = createServer((_request, response) => response.writeHead(202).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = (ownIsLocal: boolean) =>
    postOnce(`http://localhost:${port}/`, '{}', { ownIsLocal, timeoutMs: 1000 });
  expect(await post(false)).toBe(false); // resolves to 127.0.0.1
  expect(await post(true)).toBe(true);
  server.close();
});
