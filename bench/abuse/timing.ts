import type { Buffer } from 'node:buffer';
import { didHash } from '../../mediator/did-hash.ts';
import type { InboxStore } from '../../mediator/store/types.ts';
import type { Did } from '../../src/did/did.ts';
import { enrol } from '../../src/testing/accounts.ts';
import { forwardPress } from '../../src/testing/forward-press.ts';
import { bind } from '../../src/testing/inbox.ts';
import { documentOf } from '../../src/testing/peer-did.ts';
import { Line, postOf } from '../load/line.ts';
import type { Subject } from '../load/subject.ts';
import { liveAccount } from './live-account.ts';
import { addressOf, keyName, peerName } from './names.ts';
import { area, quantiles } from './statistics.ts';
import { verdict } from './verdict.ts';

const EACH = Number(process.env['BENCH_FORWARDS'] ?? 100_000);
const ACCOUNTS = Math.min(EACH, 30_000);
/** Each takes as many letters unread as are sent here. */
const LIVE = Math.ceil(EACH / 300);
/** Made, then sent over one connection. */
const CHUNK = 3_000;
const BAR = 0.01;

/** Whom letters are for: an account by its own DID, by a DID on its list, by a key of one; somebody who is online. */
const KINDS = ['own DID', 'DID on a list', 'key of a DID', 'online'] as const;
type Kind = (typeof KINDS)[number];

export type Known = Readonly<Record<Exclude<Kind, 'online'>, readonly Did[]>>;

/** Accounts whose keys nobody has, through the port. */
export async function fill(store: InboxStore): Promise<Known> {
  const known = {
    'own DID': [] as Did[],
    'DID on a list': [] as Did[],
    'key of a DID': [] as Did[],
  };
  const now = Date.now();
  const add = async (i: number): Promise<void> => {
    const did = peerName();
    const { account } = await store.grant(did, now);
    if (i % 3 === 0) known['own DID'].push(did);
    else {
      const [listed, key] = [peerName(), keyName()];
      await bind(store, account, listed, [didHash(key)], now);
      if (i % 3 === 1) known['DID on a list'].push(listed);
      else known['key of a DID'].push(key);
    }
  };
  for (let from = 0; from < ACCOUNTS; from += 256)
    await Promise.all(
      Array.from({ length: Math.min(256, ACCOUNTS - from) }, (_, i) => add(from + i)),
    );
  return known;
}

interface Probe {
  readonly kind: Kind;
  readonly isKnown: boolean;
  readonly isAgain: boolean;
  readonly request: Buffer;
}

/** Letters to strangers and to others in turns that nobody can foresee, one at a time over one connection. */
export async function compareTimes(mediator: Subject, known: Known): Promise<void> {
  const port = Number(new URL(mediator.listening).port);
  const { routingDid } = await enrol(mediator.listening);
  const press = await forwardPress(await documentOf(routingDid));
  const online = [];
  for (let i = 0; i < LIVE; i += 1) online.push(await liveAccount(mediator.listening));
  const targets = { ...known, online: online.map(({ did }) => did) };

  let sent = 0;
  const probe = async (kind: Kind, isKnown: boolean): Promise<Probe> => {
    const stranger = kind === 'key of a DID' ? keyName() : peerName();
    const some = targets[kind];
    const { packed } = await press.print(isKnown ? some[sent % some.length]! : stranger);
    // Sent from many addresses: the shares of an inbox are counted by address.
    const request = postOf(packed, addressOf((sent += 1)));
    return { kind, isKnown, isAgain: false, request };
  };
  const times = new Map<string, number[]>();
  const answers = [new Set<string>(), new Set<string>()] as const;
  const take = async (line: Line, { kind, isKnown, isAgain, request }: Probe): Promise<void> => {
    const startedAt = performance.now();
    const { status, text } = await line.ask(request);
    const took = performance.now() - startedAt;
    if (status !== 202) throw new Error(`answered by ${status}`);
    answers[isKnown ? 0 : 1].add(text.replace(/\r\nDate: [^\r]*/i, ''));
    const name = `${isAgain ? 'again' : kind} ${String(isKnown)}`;
    const row = times.get(name) ?? [];
    times.set(name, row);
    row.push(took);
  };
  const timesOf = (kind: string, isKnown: boolean): readonly number[] =>
    times.get(`${kind} ${String(isKnown)}`) ?? [];

  for (let done = 0; done < EACH; done += CHUNK) {
    const probes: Probe[] = [];
    for (let i = done; i < Math.min(EACH, done + CHUNK); i += 1) {
      const kind = i % 10 === 9 ? 'online' : KINDS[i % 3]!;
      probes.push(await probe(kind, true), await probe(kind, false));
    }
    shuffle(probes);
    const line = new Line(port);
    for (const one of probes) {
      await take(line, one);
      // The same letter once more: to somebody who has it already, or to nobody.
      if (Math.random() < 0.1) await take(line, { ...one, isAgain: true });
    }
    line.end();
  }
  for (const { socket } of online) socket.terminate();

  console.log(
    `${EACH} letters to ${ACCOUNTS + LIVE} accounts, ${EACH} to as many strangers, in ms`,
  );
  console.log(
    '                              p50      p90      p99     most   area under the curve',
  );
  for (const kind of [...KINDS, 'again']) compare(kind, timesOf(kind, true), timesOf(kind, false));
  const all = (isKnown: boolean) => KINDS.flatMap((kind) => timesOf(kind, isKnown));
  const { value } = compare('all but again', all(true), all(false));
  verdict(
    `time does not tell who has a mailbox: ${value.toFixed(4)} is within ${BAR} of 0.5`,
    Math.abs(value - 0.5) <= BAR,
    true,
  );
  const [toKnown, toStrangers] = answers.map((some) => [...some].join('|'));
  verdict('the answers are the same, byte for byte', toKnown === toStrangers);
}

function compare(name: string, known: readonly number[], strangers: readonly number[]) {
  const told = area(known, strangers);
  console.log(`${name.padEnd(14)} known    ${quantiles(known)}`);
  console.log(
    `${''.padEnd(14)} stranger ${quantiles(strangers)}   ${told.value.toFixed(4)} (chance: ± ${told.chance.toFixed(4)})`,
  );
  return told;
}

function shuffle(values: unknown[]): void {
  for (let i = values.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
}
