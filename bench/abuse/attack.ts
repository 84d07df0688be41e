import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Did } from '../../src/did/did.ts';
import { enrol } from '../../src/testing/accounts.ts';
import {
  forwardOf,
  letterFor,
  lettersOf,
  type MediatorClient,
} from '../../src/testing/mediator-client.ts';
import { postTo } from '../../src/testing/running-mediator.ts';
import { percentile } from '../load/percentile.ts';
import type { Subject } from '../load/subject.ts';
import type { AttackOrder, AttackReport } from './exchange.ts';
import { honestClients, type Honest, type Waits } from './honest.ts';
import { quantiles } from './statistics.ts';
import { verdict } from './verdict.ts';

const SAMPLES = Number(process.env['BENCH_SAMPLES'] ?? 2_000);
const QUIET_SAMPLES = Math.min(SAMPLES, 300);
const BAR_MS = 250;
/** What a slow socket may last at most: headers 5 s, a body two looks of 5 s; and what a busy machine adds. */
const SLOW_SECONDS = 20;
/** What a leak of a few kB for each connection that came and went would pass by far. */
const GROWTH_MB = 16;
const SETTLE_MS = 12_000;
const LETTERS = 20;
const PICKUP = 'https://didcomm.org/messagepickup/3.0';

/** Everything at once against a mediator with its usual limits, while people use it. */
export async function attack(mediator: Subject): Promise<void> {
  const url = mediator.listening;
  const { client: victim, routingDid } = await enrol(url);
  const mail = await mailFor(victim, url, routingDid);
  const waiting = lettersOf(
    (await victim.ask(`${PICKUP}/delivery-request`, { limit: 99 })).message,
  );
  const captured = await victim.pack(`${PICKUP}/status-request`, {});
  await postTo(url, captured);
  const order: AttackOrder = {
    kind: 'attack',
    url,
    routingDid,
    victim: victim.peer.did,
    victimIds: waiting.map(({ id }) => id),
    captured,
  };
  const honest = await honestClients(url);
  try {
    const quiet = await honest.run(QUIET_SAMPLES);
    const before = await settled(mediator);
    // The first one shows what the second must not add to.
    const first = await underAttack(order, honest, Math.ceil(SAMPLES / 2));
    const between = await settled(mediator);
    const second = await underAttack(order, honest, Math.ceil(SAMPLES / 2));
    const after = await settled(mediator);

    const reports = [first.report, second.report];
    const waits = [first.waits, second.waits];
    for (const { answers } of reports)
      console.log(
        `attackers were answered: ${Object.entries(answers)
          .map(([name, n]) => `${name} ${n}`)
          .sort()
          .join(', ')}`,
      );
    tellOfHonest(quiet, waits);
    const answered = (attack: string, allowed: readonly string[]): boolean =>
      reports.every(({ answers }) => {
        const names = Object.keys(answers).filter((name) => name.startsWith(`${attack}: `));
        return names.length > 0 && names.every((name) => allowed.includes(name.split(': ')[1]!));
      });
    const limited = ['429', '503'];
    verdict(
      `slow sockets are cut off: after ${Math.max(...reports.map((one) => one.slowestSeconds)).toFixed(0)} s at most`,
      reports.every(({ slowestSeconds }) => slowestSeconds > 0 && slowestSeconds <= SLOW_SECONDS),
    );
    verdict('10 MB are refused', answered('10 MB', ['413', 'cut off']));
    verdict('what is forged is refused, and says nothing', answered('forged', ['400', ...limited]));
    verdict(
      'what is sent again is answered by a report, for its sender alone',
      answered('replayed', ['200', ...limited]) && (await areReports(victim, reports)),
    );
    verdict(
      'strangers’ mail is answered like other mail',
      answered('to strangers', ['202', ...limited]),
    );
    verdict(
      'of somebody else’s mail and DID the mediator says what it says of none',
      reports.every(
        ({ aboutVictim, aboutNobody }) =>
          aboutVictim.length > 0 && JSON.stringify(aboutVictim) === JSON.stringify(aboutNobody),
      ),
    );
    const { message } = await victim.ask(`${PICKUP}/delivery-request`, { limit: 99 });
    const left = lettersOf(message).map(({ packed }) => packed);
    verdict(
      'the victim’s mail is all there, and nothing else',
      JSON.stringify(left) === JSON.stringify(mail),
    );
    console.log(
      `mediator: ${memory(before)} before, ${memory(between)} after one attack, ${memory(after)} after two; ` +
        `${mediator.memory().most.toFixed(0)} MB at most`,
    );
    verdict(`files and sockets are as before`, after.handles <= before.handles + 2);
    verdict(
      `memory that is held does not grow: ${(after.held - between.held).toFixed(1)} MB from one attack to the next`,
      after.held - between.held <= GROWTH_MB,
    );
    verdict('no fault was logged', !/ fault /.test(mediator.output()));
  } finally {
    honest.end();
  }
}

async function mailFor(victim: MediatorClient, url: string, routingDid: Did): Promise<string[]> {
  const letters: string[] = [];
  for (let i = 0; i < LETTERS; i += 1) {
    const letter = await letterFor(victim.peer, `letter ${i}`);
    const { status } = await postTo(url, await forwardOf(letter, victim.peer.did, routingDid));
    if (status !== 202) throw new Error(`answered by ${status}`);
    letters.push(letter);
  }
  return letters;
}

async function underAttack(
  order: AttackOrder,
  honest: Honest,
  samples: number,
): Promise<{ readonly report: AttackReport; readonly waits: Waits }> {
  const attackers = fork(fileURLToPath(new URL('attacker.ts', import.meta.url)));
  const reported = Promise.race([
    once(attackers, 'message').then(([report]) => report as AttackReport),
    once(attackers, 'exit').then(() => undefined),
  ]);
  attackers.send(order);
  // All sockets are open, and the first of them are cut off.
  await sleep(8_000);
  const waits = await honest.run(samples);
  // None of the slow ones may have been let alone by the end.
  await sleep(SLOW_SECONDS * 500);
  attackers.send('stop');
  const report = await reported;
  attackers.kill();
  if (!report) throw new Error('the attackers ended');
  return { report, waits };
}

function tellOfHonest(quiet: Waits, waits: readonly Waits[]): void {
  console.log('honest clients, in ms             p50      p90      p99     most');
  let most = 0;
  for (const [name, alone] of Object.entries(quiet.times)) {
    const attacked = waits.flatMap(({ times }) => times[name] ?? []);
    most = Math.max(most, percentile(attacked, 0.99));
    console.log(`${name.padEnd(24)} alone${quantiles(alone)}   (${alone.length})`);
    console.log(`${' '.repeat(21)} attacked${quantiles(attacked)}   (${attacked.length})`);
  }
  verdict(`honest p99 is at most ${BAR_MS} ms: ${most.toFixed(0)} ms`, most <= BAR_MS, true);
  const wrong = JSON.stringify([quiet, ...waits].map((one) => one.wrong));
  verdict(`honest clients are served: otherwise answered ${wrong}`, !/\d/.test(wrong));
}

async function areReports(
  victim: MediatorClient,
  reports: readonly AttackReport[],
): Promise<boolean> {
  const replays = reports.flatMap((report) => report.replays);
  const opened = await Promise.all(replays.map((packed) => victim.open(packed)));
  return (
    opened.length > 0 &&
    opened.every(({ message }) => message.body['code'] === 'e.p.crypto.message.dejavu')
  );
}

interface Footprint {
  readonly resident: number;
  readonly held: number;
  readonly handles: number;
}

/** Once what ended has been cleared away. */
async function settled(mediator: Subject): Promise<Footprint> {
  await sleep(SETTLE_MS);
  const handles = readdirSync(`/proc/${mediator.pid() ?? 0}/fd`).length;
  return { resident: mediator.memory().now, held: await mediator.held(), handles };
}

const memory = ({ resident, held, handles }: Footprint): string =>
  `${resident.toFixed(0)} MB of which its main thread holds ${held.toFixed(1)}, and ${handles} open files`;
