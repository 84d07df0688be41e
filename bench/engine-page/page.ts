import { resolveDid } from '../../src/did/resolve.ts';
import { nativeEngine } from '../../src/didcomm/native-engine.ts';
import { packAuthcrypt } from '../../src/didcomm/pack.ts';
import { openEnvelope } from '../../src/didcomm/trust-gate.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { newMessageId } from '../../src/lib/ids.ts';
import { newPeer } from '../../src/testing/peer.ts';
import { reference } from '../../src/testing/reference.ts';
import { floorPack, floorUnpack, type FloorKeys } from './floor.ts';

/** Microseconds for one operation, the median of the batches. */
export interface Row {
  readonly operation: string;
  readonly parley: number;
  readonly didcomm: number;
  readonly floor: number;
}

declare global {
  var measure: () => Promise<readonly Row[]>;
}

const [alice, bob] = await Promise.all([newPeer(), newPeer()]);
const library = reference(alice, bob);
const keys: FloorKeys = {
  senderPrivate: alice.agreement.privateKey,
  senderPublic: alice.agreement.publicBytes,
  recipientPrivate: bob.agreement.privateKey,
  recipientPublic: bob.agreement.publicBytes,
  kid: bob.agreement.kid,
  skid: alice.agreement.kid,
};

const plaintextOf = (size: number) => ({
  id: newMessageId(),
  type: 'https://didcomm.org/basicmessage/2.0/message',
  typ: 'application/didcomm-plain+json',
  from: alice.did,
  to: [bob.did],
  body: { content: 'x'.repeat(size) },
});

async function pack(size: number): Promise<string> {
  const order = { plaintext: plaintextOf(size), sender: alice.agreement, recipient: bob.document };
  const packed = await packAuthcrypt(nativeEngine, order);
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return packed.packed;
}

/** Opens, and judges by the whole gate that needs no memory. */
async function open(packed: string): Promise<void> {
  const ports = { engine: nativeEngine, secrets: bob.secrets, resolve: resolveDid };
  const opened = await openEnvelope(packed, { ...ports, now: Date.now() });
  if (opened.kind !== 'ok') throw new Error(opened.kind);
}

const BATCHES = 75;
/** Until every contestant's code is compiled for speed. */
const WARM_UP = 25;
const SIZES = [
  ['200 B', 200, 20],
  ['100 kB', 100_000, 4],
] as const;

globalThis.measure = async () => {
  const rows: Row[] = [];
  for (const [label, size, rounds] of SIZES) {
    const packed = await pack(size);
    // What each writes, the others read: the same work is measured.
    await library.unpack(await floorPack(keys, utf8(JSON.stringify(plaintextOf(size)))));
    rows.push(
      await race(`pack ${label}`, rounds, {
        parley: () => pack(size),
        didcomm: () => library.encrypt(plaintextOf(size), { to: bob, from: alice }),
        floor: () => floorPack(keys, utf8(JSON.stringify(plaintextOf(size)))),
      }),
      await race(`unpack ${label}`, rounds, {
        parley: () => open(packed),
        didcomm: () => library.unpack(packed),
        floor: () => floorUnpack(keys, packed),
      }),
    );
  }
  return rows;
};

type Contestants = Readonly<Record<'parley' | 'didcomm' | 'floor', () => Promise<unknown>>>;

/** Batches in turn, so that whatever else the machine does falls on all alike. */
async function race(operation: string, rounds: number, contestants: Contestants): Promise<Row> {
  const names = ['parley', 'didcomm', 'floor'] as const;
  const times: Record<(typeof names)[number], number[]> = { parley: [], didcomm: [], floor: [] };
  for (let batch = -WARM_UP; batch < BATCHES; batch += 1)
    for (const name of names) {
      const startedAt = performance.now();
      for (let round = 0; round < rounds; round += 1) await contestants[name]();
      const each = ((performance.now() - startedAt) * 1000) / rounds;
      if (batch >= 0) times[name].push(each);
    }
  const median = (list: number[]): number => list.toSorted((a, b) => a - b)[BATCHES >> 1] ?? NaN;
  return {
    operation,
    parley: median(times.parley),
    didcomm: median(times.didcomm),
    floor: median(times.floor),
  };
}
