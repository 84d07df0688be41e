/**
 * npm run bench -- envelopes: envelopes a second, our engine beside didcomm-rust compiled for Node. One thread, a
 * text of 200 bytes, the median of several batches; resolving DIDs is part of it on both sides.
 */
import { resolveDid } from '../src/did/resolve.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { packAnoncrypt, packAuthcrypt } from '../src/didcomm/pack.ts';
import { openEnvelope } from '../src/didcomm/trust-gate.ts';
import { newMessageId } from '../src/lib/ids.ts';
import { newPeer } from '../src/testing/peer.ts';
import { reference } from '../src/testing/reference.ts';

const BATCHES = 15;
const PER_BATCH = 60;

const [alice, bob] = await Promise.all([newPeer(), newPeer()]);
const library = reference(alice, bob);
const plaintext = () => ({
  id: newMessageId(),
  type: 'https://didcomm.org/basicmessage/2.0/message',
  typ: 'application/didcomm-plain+json',
  from: alice.did,
  to: [bob.did],
  body: { content: 'x'.repeat(200) },
});

const authcrypt = async () => {
  const order = { plaintext: plaintext(), sender: alice.agreement, recipient: bob.document };
  return sealed(await packAuthcrypt(nativeEngine, order));
};
const anoncrypt = async () =>
  sealed(await packAnoncrypt(nativeEngine, { plaintext: plaintext(), recipient: bob.document }));
function sealed(packed: Awaited<ReturnType<typeof packAuthcrypt>>): string {
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return packed.packed;
}
const open = async (packed: string) => {
  const { secrets } = bob;
  const engine = nativeEngine;
  const opened = await openEnvelope(packed, {
    engine,
    secrets,
    resolve: resolveDid,
    now: Date.now(),
  });
  if (opened.kind !== 'ok') throw new Error(opened.kind);
};

const ready = await authcrypt();
const rows: readonly (readonly [
  name: string,
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
])[] = [
  ['pack authcrypt', authcrypt, () => library.encrypt(plaintext(), { to: bob, from: alice })],
  ['pack anoncrypt', anoncrypt, () => library.encrypt(plaintext(), { to: bob })],
  ['open authcrypt', () => open(ready), () => library.unpack(ready)],
];

console.log(`${'per second'.padEnd(18)}${'Parley'.padStart(10)}${'didcomm-rust'.padStart(14)}`);
for (const [name, ours, theirs] of rows) {
  const [mine, other] = [await perSecond(ours), await perSecond(theirs)];
  console.log(`${name.padEnd(18)}${mine.padStart(10)}${other.padStart(14)}`);
}

async function perSecond(work: () => Promise<unknown>): Promise<string> {
  const rates: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const startedAt = performance.now();
    for (let round = 0; round < PER_BATCH; round++) await work();
    rates.push((PER_BATCH * 1000) / (performance.now() - startedAt));
  }
  rates.sort((a, b) => a - b);
  return (rates[BATCHES >> 1] ?? 0).toFixed(0);
}
