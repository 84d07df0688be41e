import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { fetchTransport } from './http.ts';

let handle: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => handle(request, response));
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const CAP = 64 * 1024;
const post = (packed = '{}') => fetchTransport.post(url, packed, CAP);
const unreachable = { kind: 'unreachable' };

test('posts the envelope under its exact media type, with nothing that tells who sends (I1)', async () => {
  const seen: { headers?: IncomingMessage['headers']; body: string } = { body: '' };
  handle = (request, response) => {
    seen.headers = request.headers;
    request.on('data', (part: Buffer) => (seen.body += part.toString()));
    request.on('end', () => response.writeHead(202).end());
  };
  expect(await post('{"a":1}')).toEqual({
    kind: 'answered',
    status: 202,
    body: '',
    retryAfterMs: undefined,
  });
  expect(seen.body).toBe('{"a":1}');
  expect(seen.headers?.['content-type']).toBe('application/didcomm-encrypted+json');
  for (const header of ['cookie', 'authorization', 'referer'])
    expect(seen.headers).not.toHaveProperty(header);
});

test.each([200, 202, 204, 400, 404, 413, 429, 500, 503, 507])(
  'an answer %i is an answer',
  async (status) => {
    handle = (_request, response) => response.writeHead(status).end();
    expect(await post()).toMatchObject({ kind: 'answered', status, body: '' });
  },
);

test.each([
  ['7', 7_000],
  ['0', 1_000],
  ['3601', 3_600_000],
  ['999999999', 3_600_000],
  ['99999999999999999999', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e9', undefined],
  ['Infinity', undefined],
  ['', undefined],
  ['soon', undefined],
  ['Wed, 21 Oct 2037 07:28:00 GMT', undefined],
])('Retry-After %j waits %s ms', async (header, retryAfterMs) => {
  handle = (_request, response) => response.writeHead(503, { 'retry-after': header }).end();
  expect(await post()).toMatchObject({ status: 503, retryAfterMs });
});

test('a body that is no text is an answer still', async () => {
  handle = (_request, response) => response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x41]));
  expect(await post()).toMatchObject({ kind: 'answered', status: 200, body: '\ufffd\ufffdA' });
});

test('a redirect is not followed', async () => {
  const paths: (string | undefined)[] = [];
  handle = (request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: `${url}elsewhere` }).end();
  };
  expect(await post()).toEqual(unreachable);
  expect(await fetchTransport.getText(`${url}invitation`)).toBeUndefined();
  expect(paths).toEqual(['/', '/invitation']);
});

test('an endless answer ends at the cap', async () => {
  let written = 0;
  handle = (_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  expect(await post()).toEqual(unreachable);
  expect(await fetchTransport.getText(url)).toBeUndefined();
  expect(written).toBeLessThan(64 * 1024 * 1024);
});

test('an answer of exactly the cap is read', async () => {
  handle = (_request, response) => response.writeHead(200).end('x'.repeat(CAP));
  expect(await post()).toMatchObject({ body: 'x'.repeat(CAP) });
});

const inMoments = () => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  return vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
};

test.each([
  ['the headers', () => undefined],
  ['the body', (response: ServerResponse) => response.writeHead(200).write('{')],
])('who waits too long for %s gets none', async (_part, begin) => {
  const timeouts = inMoments();
  handle = (_request, response) => begin(response);
  expect(await post()).toEqual(unreachable);
  expect(timeouts).toHaveBeenCalledWith(15_000);
});

test.each([
  'http://127.0.0.1:1/',
  'http://no-such-host.invalid/',
  'not a url',
  'ftp://127.0.0.1/',
  '',
])('nobody there: %j', async (nowhere) => {
  expect(await fetchTransport.post(nowhere, '{}', CAP)).toEqual(unreachable);
  expect(await fetchTransport.getText(nowhere)).toBeUndefined();
});

test('a page is read when it is there', async () => {
  handle = (request, response) =>
    response.writeHead(request.url === '/invitation' ? 200 : 404).end('{"a":"ä"}');
  expect(await fetchTransport.getText(`${url}invitation`)).toBe('{"a":"ä"}');
  expect(await fetchTransport.getText(`${url}nothing`)).toBeUndefined();
});
