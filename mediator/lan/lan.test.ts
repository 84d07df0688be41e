import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startMediator, type MediatorProcess } from '../../e2e/mediator-process.ts';
import type { Did } from '../../src/did/did.ts';
import { walletFolder } from '../../src/testing/folders.ts';
import { mediatorClient } from '../../src/testing/mediator-client.ts';
import { hostInUrl, mainAddress } from './addresses.ts';

// `--lan`, as its operator starts it and a phone finds it.

const dist = walletFolder();
let mediator: MediatorProcess;
const running: MediatorProcess[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.dispose()));
});

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function ask(
  url: string,
  options: { ca?: string; method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Got> {
  const { method = 'GET', body, ca, headers = {} } = options;
  const asked = (url.startsWith('https') ? httpsRequest : httpRequest)(url, {
    method,
    agent: false,
    ...(ca === undefined ? {} : { ca }),
    headers:
      body === undefined ? headers : { 'content-type': 'application/didcomm-encrypted+json' },
  });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) };
}

/** By the address that every machine has: which one phones get is another test. */
async function start(...flags: string[]): Promise<string> {
  await launch('--host', '127.0.0.1', ...flags);
  return setUpUrl();
}

async function launch(...flags: string[]): Promise<void> {
  mediator = await startMediator(['--lan', '--http-port', '0', ...flags], dist);
  running.push(mediator);
}

/** What the printed code and the line below it say. */
async function setUpUrl(): Promise<string> {
  for (;;) {
    const [, url] = /or open (http:\S+)\n[^]*SHA-256\) \S+\n/.exec(mediator.output()) ?? [];
    if (url !== undefined) return url;
    await sleep(20);
  }
}

const pemOf = (der: Buffer): string => new X509Certificate(der).toString();

test('a phone that trusts nothing yet is led over http to the certificate', async () => {
  const setUp = await start();
  const page = await ask(setUp);
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const html = page.body.toString();
  expect(html).toContain('href="/ca"');
  expect(html).toContain(`href="${mediator.url}/"`);

  const certificate = await ask(`${setUp}ca`);
  expect(certificate.headers).toMatchObject({
    'content-type': 'application/x-x509-ca-cert',
    'content-disposition': 'inline; filename="parley-ca.crt"',
  });
  const { ca, fingerprint256 } = new X509Certificate(certificate.body);
  expect(ca).toBe(true);
  expect(html).toContain(fingerprint256);
  expect(mediator.output()).toContain(fingerprint256);

  const script = await ask(`${setUp}open.js`);
  expect(script.headers['content-type']).toMatch(/^text\/javascript/);
  expect(script.body.toString()).toContain(JSON.stringify(mediator.url));
});

test('what to do on the visitor’s own device is unfolded, and nothing else', async () => {
  const setUp = await start();
  const devices = {
    apple: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)',
    android: 'Mozilla/5.0 (Linux; Android 15; K)',
    computer: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0)',
  };
  for (const [device, agent] of Object.entries(devices)) {
    const html = (await ask(setUp, { headers: { 'user-agent': agent } })).body.toString();
    const unfolded = [...html.matchAll(/<details [^>]*id="(\w+)" open>/g)].map(([, id]) => id);
    expect(unfolded).toEqual([device]);
  }
});

test('every other path leads to the same one over https, and no message is taken', async () => {
  const setUp = await start();
  const link = await ask(`${setUp}i?x=1`);
  expect([link.status, link.headers.location]).toEqual([307, `${mediator.url}/i?x=1`]);
  expect((await ask(setUp, { method: 'POST', body: '{}' })).status).toBe(405);
  const other = await ask(`${setUp}/evil.example/x`);
  expect(other.headers.location?.startsWith(`${mediator.url}/`)).toBe(true);
});

test('who forgets the s of https is led to the set-up page too, and a silent one holds nothing up', async () => {
  const setUp = await start();
  const silent = connect(Number(new URL(mediator.url).port), '127.0.0.1');
  await once(silent, 'connect');
  const plain = mediator.url.replace('https:', 'http:');
  const page = await ask(`${plain}/`);
  expect(page.body).toEqual((await ask(setUp)).body);
  expect((await ask(`${plain}/i`)).headers.location).toBe(`${mediator.url}/i`);
  expect((await ask(plain, { method: 'POST', body: 'x'.repeat(2 ** 20) })).status).toBe(405);
  const closed = once(silent.resume(), 'close');
  expect(await mediator.stop()).toBe(0);
  await closed;
});

test('wallet, mediator and socket are served to who trusts the authority alone', async () => {
  const setUp = await start();
  await expect(ask(mediator.url)).rejects.toThrow(/self-signed|unable to verify/);
  const { body } = await ask(`${setUp}ca`);
  const ca = pemOf(body);
  const page = await ask(`${mediator.url}/`, { ca });
  expect(page.body.toString()).toContain('Parley');
  // Kept for a year, it would bind every other server of a name such as localhost.
  expect(page.headers).not.toHaveProperty('strict-transport-security');
  expect((await ask(`${mediator.url}/ca`, { ca })).body).toEqual(body);

  const did = (await ask(`${mediator.url}/did`, { ca })).body.toString() as Did;
  const client = await mediatorClient(did, async (packed) => {
    const answer = await ask(mediator.url, { ca, method: 'POST', body: packed });
    return { status: answer.status ?? 0, body: answer.body.toString() };
  });
  const granted = await client.ask(
    'https://didcomm.org/coordinate-mediation/3.0/mediate-request',
    {},
  );
  expect(granted.message?.type).toMatch(/mediate-grant$/);

  const socket = new WebSocket(`${mediator.url.replace(/^http/, 'ws')}/ws`, { ca });
  await once(socket, 'open');
  const closed = once(socket, 'close');
  expect(await mediator.stop()).toBe(0);
  expect((await closed)[0]).toBe(1012);
});

test('the authority stays, known to its owner alone; the leaf is new', async () => {
  const setUp = await start();
  expect(statSync(join(mediator.dataDir, 'lan-authority.json')).mode & 0o777).toBe(0o600);
  const before = await ask(`${setUp}ca`);
  await mediator.restart();
  const again = await ask(`${mediator.url}/ca`, { ca: pemOf(before.body) });
  expect(again.body).toEqual(before.body);
});

test('people open the address of the local network, or the only one that it listens at', async () => {
  await start();
  expect(new URL(mediator.url).hostname).toBe('127.0.0.1');
  const found = await mainAddress();
  if (found === undefined) await expect(launch()).rejects.toThrow('--host or --url states one');
  else {
    await launch('--host', '0.0.0.0');
    expect(new URL(mediator.url).hostname).toBe(hostInUrl(found));
  }
});

test('it serves no public name, and nothing but https', () => {
  for (const url of ['https://chat.example.org', 'http://localhost:8080', 'https://my-computer']) {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['mediator/main.ts', '--lan', '--port', '0', '--url', url, '--data', dist],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([
      1,
      '--lan serves https at names and addresses of local networks only\n',
    ]);
  }
});
