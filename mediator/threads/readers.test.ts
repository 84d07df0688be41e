import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { resolveDid } from '../../src/did/resolve.ts';
import { nativeEngine } from '../../src/didcomm/native-engine.ts';
import { utf8, type Bytes } from '../../src/lib/bytes.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { forwardPress } from '../../src/testing/forward-press.ts';
import { documentOf } from '../../src/testing/peer-did.ts';
import { newPeer } from '../../src/testing/peer.ts';
import { testMediator } from '../../src/testing/test-mediator.ts';
import { didHash } from '../did-hash.ts';
import { createIdentity } from '../identity.ts';
import { loadKeys } from '../keys.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { letterOf } from '../letter.ts';
import { readPacked } from '../read.ts';
import { fileSettings } from '../settings.ts';
import { startReaders, type Readers, type ReadersOptions } from './readers.ts';

const folder = mkdtempSync(join(tmpdir(), 'readers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keys = await loadKeys(fileSettings(folder));
const endpoints = { http: 'https://mediator.example', ws: 'wss://mediator.example/ws' };
const identity = createIdentity(keys, endpoints);
const press = await forwardPress(await documentOf(identity.routingDid));
const { did } = await newPeer();
const forward = async (): Promise<Bytes> => utf8((await press.print(did)).packed);
const forwards = async (count: number): Promise<readonly Bytes[]> =>
  Promise.all(Array.from({ length: count }, forward));

let faults: unknown[] = [];
let readers: Readers;
const start = (more: Partial<ReadersOptions> = {}): Readers => {
  faults = [];
  readers = startReaders({
    workers: 2,
    keys: keys.text,
    endpoints,
    limits: { waitingEnvelopes: 1000, waitingBytes: 1e9 },
    reading: DEFAULT_LIMITS,
    onFault: (fault) => faults.push(fault),
    ...more,
  });
  return readers;
};
afterEach(() => readers.close());

test('what a thread reads is what this one reads', async () => {
  const { read } = start();
  const { packed, letter } = await press.print(did);
  const onThread = await read(utf8(packed));
  const context = {
    engine: nativeEngine,
    resolve: resolveDid,
    identity,
    clock: systemClock,
    limits: DEFAULT_LIMITS,
  };
  expect(onThread).toEqual(await readPacked(context, utf8(packed)));
  expect(onThread).toMatchObject({
    kind: 'forward',
    ourDid: identity.routingDid,
    content: { nextText: did, next: didHash(did), letters: [letterOf(letter)] },
  });
  const refused = { kind: 'refused', status: 400 };
  expect(await read(utf8('{}'))).toEqual(refused);
  expect(await read(Uint8Array.of(0xff))).toEqual(refused);
});

test('what does not fit into the queue is turned away at once, by number and by size', async () => {
  const [packed] = await forwards(1);
  const twice = packed!.length * 2;
  for (const limits of [
    { waitingEnvelopes: 2, waitingBytes: 1e9 },
    { waitingEnvelopes: 100, waitingBytes: twice },
  ]) {
    const { read, ...more } = start({ limits });
    const answers = await Promise.all((await forwards(3)).map(read));
    expect(answers.map(({ kind }) => kind)).toEqual(['forward', 'forward', 'busy']);
    // There is room again.
    expect((await read(await forward())).kind).toBe('forward');
    await more.close();
  }
});

const dying = new URL('../../src/testing/dying-reader.ts', import.meta.url);
const deadly = (): Bytes => utf8('!');
const FOUR_BUSY = ['busy', 'busy', 'busy', 'busy'];

test('a thread that dies is replaced; what it was given was not read', async () => {
  const { read } = start({ workers: 1, script: dying, settledMs: 0 });
  for (let death = 1; death <= 2; death += 1) {
    const lost = await Promise.all([deadly(), ...(await forwards(3))].map(read));
    expect(lost.map(({ kind }) => kind)).toEqual(FOUR_BUSY);
    let answer = await read(await forward());
    while (answer.kind === 'busy') {
      await sleep(20);
      answer = await read(await forward());
    }
    expect(answer.kind).toBe('forward');
    expect(faults).toHaveLength(death);
  }
});

test('the place of a thread that died young stays empty for a while', async () => {
  const { read } = start({ workers: 1, script: dying, settledMs: 600_000 });
  expect((await read(deadly())).kind).toBe('busy');
  expect((await read(await forward())).kind).toBe('busy');
});

test('threads that cannot start say so', async () => {
  const { ready } = start({ keys: '{}' });
  await expect(ready).rejects.toThrow('broken');
});

test('HTTP says 503 for what was not read, and when to come again', async () => {
  const { read, ...more } = start({ limits: { waitingEnvelopes: 0, waitingBytes: 1e9 } });
  const mediator = await testMediator({ read });
  const answer = await mediator.request({ method: 'POST', body: await forward() });
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
  await more.close();
  expect((await mediator.request({ method: 'POST', body: await forward() })).status).toBe(503);
});
