import { describe, expect, test } from 'vitest';
import { encodeKey } from '../src/crypto/multicodec.ts';
import type { Did, DidDocument, ResolveDid } from '../src/did/did.ts';
import { resolveDid } from '../src/did/resolve.ts';
import { readDidWeb } from '../src/did/web.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { packAuthcrypt } from '../src/didcomm/pack.ts';
import { PLAIN_TYP } from '../src/didcomm/plaintext.ts';
import { openEnvelope } from '../src/didcomm/trust-gate.ts';
import { newFolder } from '../src/testing/folders.ts';
import { newPeer } from '../src/testing/peer.ts';
import { testMediator, type TestMediator } from '../src/testing/test-mediator.ts';
import { createIdentity } from './identity.ts';
import { loadKeys, rotateKeys, type MediatorKeys } from './keys.ts';
import { fileSettings } from './settings.ts';

const PING = 'https://didcomm.org/trust-ping/2.0/ping';

/** What a client that asks for the document of a did:web reads. */
async function documentAt(mediator: TestMediator, did: Did, path: string): Promise<DidDocument> {
  const { status, body } = await mediator.request({ path });
  expect(status).toBe(200);
  const read = readDidWeb(did, String(body));
  if (read.kind !== 'ok') throw new Error(read.kind);
  return read.document;
}

/** A ping to the mediator by this document. @returns who answered */
async function pingBy(mediator: TestMediator, document: DidDocument): Promise<string | undefined> {
  const peer = await newPeer();
  const packed = await packAuthcrypt(nativeEngine, {
    plaintext: {
      id: crypto.randomUUID(),
      type: PING,
      typ: PLAIN_TYP,
      from: peer.did,
      to: [document.did],
      return_route: 'all',
      body: {},
    },
    sender: peer.agreement,
    recipient: document,
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  const { status, body } = await mediator.post(packed.packed);
  if (status !== 200) return undefined;
  const resolve: ResolveDid = async (did) =>
    did === document.did ? { kind: 'ok', document } : resolveDid(did);
  const opened = await openEnvelope(body, {
    engine: nativeEngine,
    secrets: peer.secrets,
    resolve,
    now: Date.now(),
  });
  return opened.kind === 'ok' ? opened.inbound.sender : undefined;
}

describe('did:web', () => {
  test.each([
    ['https://chat.example', 'did:web:chat.example', '/.well-known/did.json'],
    ['https://chat.example:8443/a/b', 'did:web:chat.example%3A8443:a:b', '/a/b/did.json'],
    ['https://chat.example/a', 'did:web:chat.example:a', '/did.json'],
  ] as const)('of %s', async (url, did, path) => {
    const mediator = await testMediator({ url });
    const document = await documentAt(mediator, did, path);
    expect(document.services).toEqual([
      { uri: url, accept: ['didcomm/v2'], routingKeys: [] },
      { uri: `${url.replace('https', 'wss')}/ws`, accept: ['didcomm/v2'], routingKeys: [] },
    ]);
    expect(document.authentication).toHaveLength(1);
    expect(await pingBy(mediator, document)).toBe(did);
    expect(mediator.identity.isOwn(did)).toBe(true);
  });

  test('is written as the fewest readers stumble over it', async () => {
    const mediator = await testMediator({ url: 'https://chat.example' });
    const { body } = await mediator.request({ path: '/.well-known/did.json' });
    const { verificationMethod, keyAgreement, service } = JSON.parse(String(body)) as Record<
      string,
      Record<string, unknown>[]
    >;
    for (const method of verificationMethod!) {
      expect(Object.keys(method)).toEqual(['id', 'type', 'controller', 'publicKeyMultibase']);
      expect(method['controller']).toBe('did:web:chat.example');
    }
    expect(keyAgreement).toEqual([verificationMethod![0]!['id']]);
    for (const { serviceEndpoint } of service!)
      expect(serviceEndpoint).toMatchObject({ accept: ['didcomm/v2'] });
  });

  test.each(['http://localhost:8080', 'https://192.168.1.5:8080', 'https://[fd00::2]'])(
    '%s has none',
    async (url) => {
      const mediator = await testMediator({ url });
      expect(mediator.identity.web).toBeUndefined();
      expect((await mediator.request({ path: '/.well-known/did.json' })).status).toBe(404);
    },
  );
});

describe('new keys', () => {
  const endpoints = { http: 'https://chat.example', ws: 'wss://chat.example/ws' };
  const aliases = ({ agreement }: MediatorKeys) => encodeKey('X25519', agreement.publicBytes);

  test('are used from then on, and those before are answered to under all their names', async () => {
    const settings = fileSettings(newFolder());
    const first = await loadKeys(settings);
    const before = createIdentity(first, endpoints);
    expect([await rotateKeys(settings), await rotateKeys(settings)]).toEqual([1, 2]);
    const now = await loadKeys(settings);
    const after = createIdentity(now, endpoints);

    expect(after.did).not.toBe(before.did);
    expect(after.web?.did).toBe(before.web?.did);
    expect(JSON.stringify(after.web)).not.toContain(aliases(first));
    const old = aliases(first);
    for (const kid of [
      `${before.did}#key-1`,
      `${before.routingDid}#key-1`,
      `did:web:chat.example#${old}`,
      `did:key:${old}#${old}`,
      `${after.did}#key-1`,
      `did:web:chat.example#${aliases(now)}`,
    ])
      expect(await after.secrets.agreementKey(kid), kid).toBeDefined();
    expect(await before.secrets.agreementKey(`did:key:${aliases(now)}`)).toBeUndefined();
    expect(after.answering(before.did)).toBe(before.did);
    // What is said in the name of a former DID is said by its own key.
    expect(after.agreementKey(before.did).privateKey).not.toBe(
      after.agreementKey(after.did).privateKey,
    );
    const web = after.web!.did;
    expect(after.agreementKey(web).kid).toBe(`${web}#${aliases(now)}`);
  });

  test('two who make them at once do not lose each other’s', async () => {
    const settings = fileSettings(newFolder());
    await loadKeys(settings);
    const made = await Promise.all([rotateKeys(settings), rotateKeys(settings)]);
    const done = made.filter((count) => count !== undefined).length;
    expect((await loadKeys(settings)).former).toHaveLength(done);
  });
});

test('says which version it is', async () => {
  const mediator = await testMediator();
  const { body, headers } = await mediator.request({ path: '/version' });
  expect(headers['content-type']).toBe('application/json');
  expect(JSON.parse(String(body))).toEqual({
    name: 'parley',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
  });
});
