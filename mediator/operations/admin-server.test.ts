import { afterEach, expect, test } from 'vitest';
import { letterFor, forwardOf, mediatorClient } from '../../src/testing/mediator-client.ts';
import { runningMediator, type RunningMediator } from '../../src/testing/running-mediator.ts';
import type { Did } from '../../src/did/did.ts';
import { memoryStore } from '../../src/testing/memory-store.ts';
import { AdminError } from './admin-server.ts';

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
let mediator: RunningMediator;
afterEach(() => mediator.close());

const ask = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`http://127.0.0.1:${mediator.adminPort}${path}`, { headers });
  return { status: response.status, text: await response.text() };
};
const valueOf = (page: string, series: string): number | undefined => {
  const line = page.split('\n').find((one) => one.startsWith(`parley_${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
};

test('the operator reads what was done, and no name of anybody', async () => {
  mediator = await runningMediator({ admin: { port: 0, host: '127.0.0.1' } });
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  const granted = await client.ask(`${CM}/mediate-request`, {});
  const [routingDid] = granted.message?.body['routing_did'] as Did[];
  await client.ask(`${CM}/recipient-update`, { updates: 'none' });
  await client.ask('https://example.org/secret-word/1.0/x', {});
  const forward = async () =>
    mediator.post(await forwardOf(await letterFor(client.peer, 'x'), client.peer.did, routingDid!));
  expect((await forward()).status).toBe(202);
  expect((await mediator.post('not an envelope')).status).toBe(400);
  const { status, text } = await ask('/metrics');
  expect(status).toBe(200);
  expect(
    [
      'forwards_total{outcome="kept"}',
      `control_total{type="${CM}/mediate-request",code="ok"}`,
      `control_total{type="${CM}/recipient-update",code="malformed"}`,
      'control_total{type="other",code="unsupported"}',
      'refused_total{status="400"}',
      'accounts',
      'inbox_messages',
      'live_sockets',
      'unpack_microseconds_count',
    ].map((series) => valueOf(text, series)),
  ).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 5]);
  expect(valueOf(text, 'resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(valueOf(text, 'commit_milliseconds_count')).toBeGreaterThan(0);
  expect(text).not.toMatch(/did:|127\.0\.0\.1|secret/);
  expect((await fetch(`${mediator.url}/metrics`)).status).toBe(404);
});

test('ready means that a durable write works', async () => {
  const store = memoryStore();
  let broken = false;
  mediator = await runningMediator({
    admin: { port: 0, host: '127.0.0.1' },
    store: {
      ...store,
      seen: async (key, until) => {
        if (broken) throw new Error('disk full');
        return store.seen(key, until);
      },
    },
  });
  expect(await ask('/health')).toEqual({ status: 200, text: 'ok\n' });
  expect(await ask('/ready')).toEqual({ status: 200, text: 'ready\n' });
  expect((await fetch(`${mediator.url}/ready`)).status).toBe(200);
  broken = true;
  await expect.poll(async () => (await ask('/ready')).status, { timeout: 3000 }).toBe(503);
  expect((await fetch(`${mediator.url}/ready`)).status).toBe(503);
  expect(await ask('/health')).toEqual({ status: 200, text: 'ok\n' });
});

test('a door that others can reach asks for its token', async () => {
  const host = '0.0.0.0';
  const open = runningMediator({ admin: { port: 0, host } });
  await expect(open).rejects.toThrow(AdminError);
  mediator = await runningMediator({ admin: { port: 0, host, token: 'a token of some length' } });
  expect((await ask('/metrics')).status).toBe(401);
  expect((await ask('/metrics', { authorization: 'Bearer another' })).status).toBe(401);
  const authorization = 'Bearer a token of some length';
  expect((await ask('/metrics', { authorization })).status).toBe(200);
  expect((await ask('/x', { authorization })).status).toBe(404);
});
