import { expect, test } from 'vitest';
import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { forwardedEnvelopes } from '../protocols/routing/unwrap.ts';
import { letterFor } from '../testing/mediator-client.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { waysTo, wrapForWay } from './ways.ts';

const NOW = 1_763_690_000_000;

/** @param documents what lies at which address */
const ports = (documents: Readonly<Record<string, string>> = {}) => ({
  ownOrigin: 'https://parley.example',
  http: {
    post: () => Promise.reject(new Error('nothing is posted here')),
    get: () => Promise.reject(new Error('nothing is read like this')),
    getText: async (url: string) => documents[url],
  },
});

async function waysOf(peer: Pick<Peer, 'did'>, documents = {}) {
  const found = await waysTo(ports(documents), peer.did);
  return found.kind === 'ok'
    ? found.ways.map(({ url, hops }) => [url, ...hops.map(({ name }) => name)])
    : found.kind;
}

/** What a mediator finds in the forward that it was given. */
async function unwrap(packed: string, by: Peer): Promise<readonly [next: unknown, inner: string]> {
  const opened = await openEnvelope(packed, {
    engine: nativeEngine,
    secrets: by.secrets,
    resolve: resolveDid,
    now: NOW,
  });
  if (opened.kind !== 'ok') throw new Error(opened.kind);
  const forwarded = forwardedEnvelopes(opened.inbound.message.attachments);
  if (forwarded.kind !== 'ok') throw new Error(forwarded.detail);
  return [opened.inbound.message.body['next'], forwarded.envelopes[0] ?? ''];
}

test('a DID as endpoint and routing keys: one forward in the other, from the last to the first', async () => {
  const outer = await newPeer([{ uri: 'https://outer.example/' }]);
  const middle = await newPeer();
  const inner = await newPeer();
  const keys = [middle.agreement.kid, inner.agreement.kid];
  const bob = await newPeer([{ uri: outer.did, routingKeys: keys }]);
  expect(await waysOf(bob)).toEqual([['https://outer.example/', outer.did, ...keys]]);

  const found = await waysTo(ports(), bob.did);
  const [way] = found.kind === 'ok' ? found.ways : [];
  const letter = await letterFor(bob, 'hello');
  const packed = way && (await wrapForWay(nativeEngine, letter, bob.did, way, NOW));
  const [next, second] = await unwrap(packed ?? '', outer);
  expect(next).toBe(keys[0]);
  const [after, third] = await unwrap(second, middle);
  expect(after).toBe(keys[1]);
  expect(await unwrap(third, inner)).toEqual([bob.did, letter]);
});

test('a mediator may have a mediator, which has to have an address', async () => {
  const far = await newPeer([{ uri: 'https://far.example/' }]);
  const near = await newPeer([{ uri: far.did }]);
  const bob = await newPeer([{ uri: near.did }]);
  expect(await waysOf(bob)).toEqual([['https://far.example/', far.did, near.did]]);
  const tooFar = await newPeer([{ uri: (await newPeer([{ uri: near.did }])).did }]);
  expect(await waysOf(tooFar)).toBe('none');
  const round = { did: 'did:example:round' as Did };
  expect(await waysOf(round)).toBe('none');
});

test('routing keys of the mediator’s own service come before it', async () => {
  const gate = await newPeer();
  const mediator = await newPeer([
    { uri: 'https://gate.example/', routingKeys: [gate.agreement.kid] },
  ]);
  const bob = await newPeer([{ uri: mediator.did }]);
  expect(await waysOf(bob)).toEqual([['https://gate.example/', gate.agreement.kid, mediator.did]]);
});

test('services and endpoints in their order; what cannot be posted to is left out', async () => {
  const mediator = await newPeer([
    { uri: 'wss://mail.example/' },
    { uri: 'https://one.example/' },
    { uri: 'https://two.example/' },
  ]);
  const bob = await newPeer([
    { uri: 'didcomm:transport/queue' },
    { uri: mediator.did },
    { uri: 'https://10.0.0.1/' },
  ]);
  expect(await waysOf(bob)).toEqual([
    ['https://one.example/', mediator.did],
    ['https://two.example/', mediator.did],
  ]);
});

test('the did:web of a mediator is fetched; where that fails, it is tried later', async () => {
  const did = 'did:web:mail.example' as Did;
  const keys = await newPeer();
  const [key] = keys.document.keyAgreement;
  const document = JSON.stringify({
    id: did,
    verificationMethod: [
      { id: '#k', type: 'Multikey', controller: did, publicKeyMultibase: key?.multibase },
    ],
    keyAgreement: ['#k'],
    service: [
      {
        id: '#s',
        type: 'DIDCommMessaging',
        serviceEndpoint: { uri: 'https://mail.example/didcomm' },
      },
    ],
  });
  const bob = await newPeer([{ uri: did }]);
  expect(await waysOf(bob)).toBe('unreachable');
  expect(await waysOf(bob, { 'https://mail.example/.well-known/did.json': document })).toEqual([
    ['https://mail.example/didcomm', did],
  ]);
});
