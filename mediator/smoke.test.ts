import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { runningMediator, type RunningMediator } from '../src/testing/running-mediator.ts';

let mediator: RunningMediator;
let proxy: Server | undefined;
afterEach(async () => {
  proxy?.close().closeAllConnections();
  proxy = undefined;
  await mediator.close();
});

/** What it prints, a line each, without the times. */
async function smoke(url: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['scripts/smoke.ts', url]);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await once(child, 'close');
  return text
    .replaceAll(/ \(\d+ ms\)/g, '')
    .trimEnd()
    .split('\n');
}

test('the journey of a client ends well, its live socket too', async () => {
  mediator = await runningMediator();
  const lines = await smoke(mediator.url);
  expect(lines).toContain('ok  mail comes by itself');
  expect(lines.at(-1)).toBe(`The mediator at ${mediator.url} serves its clients.`);
});

test('an address that is not the one it tells its clients is said', async () => {
  mediator = await runningMediator();
  const lines = await smoke(mediator.url.replace('localhost', '127.0.0.1'));
  expect(lines.at(-1)).toBe(`It tells them to come to ${mediator.url}, which is its --url.`);
});

test('a proxy that passes no WebSockets is found', async () => {
  mediator = await runningMediator();
  const { port } = new URL(mediator.url);
  proxy = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const { upgrade: _, connection: __, ...others } = headers;
    const onward = request({ port, method, path: url, headers: others }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const lines = await smoke(through);
  expect(lines.at(-1)).toMatch(new RegExp(`^The mediator at ${through} fails: a socket opens: `));
});
