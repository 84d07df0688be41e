/** The process of the attackers: it begins at the order, ends its attacks at the word `stop`, and tells what came of them. */
import { randomBytes as random } from 'node:crypto';
import { connect } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { useNodeBase64 } from '../../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../../mediator/crypto/node-subtle.ts';
import { didAt } from '../../src/testing/accounts.ts';
import { forwardPress } from '../../src/testing/forward-press.ts';
import { mediatorClient } from '../../src/testing/mediator-client.ts';
import { documentOf } from '../../src/testing/peer-did.ts';
import { bodyOf, Line, postOf, type LineAnswer } from '../load/line.ts';
import type { AttackOrder, AttackReport } from './exchange.ts';
import { addressOf, peerName } from './names.ts';

const LORISES = 1_000;
const FLOODS = 16;
/** Addresses that the attackers have: together they may send two thousand a second. */
const ADDRESSES = 100;
const BIG = 10_000_000;
const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';

useNodeCrypto();
useNodeBase64();
let stopped = false;
const attacking = (): boolean => !stopped;
const answers: Record<string, number> = {};
const count = (attack: string, status: number | string): void => {
  const name = `${attack}: ${status === 0 ? 'cut off' : status}`;
  answers[name] = (answers[name] ?? 0) + 1;
};
let slowestSeconds = 0;
const replays: string[] = [];

process.on('message', (order: AttackOrder | 'stop') => {
  if (order === 'stop') stopped = true;
  else
    attack(order).then(
      (report) => process.send?.(report),
      (fault: unknown) => {
        console.error(fault);
        process.exit(1);
      },
    );
});

async function attack(order: AttackOrder): Promise<AttackReport> {
  const { url, routingDid, captured, victim } = order;
  const port = Number(new URL(url).port);
  const press = await forwardPress(await documentOf(routingDid));
  let turn = 0;
  const someAddress = (): string => addressOf(0xff0000 + ((turn += 1) % ADDRESSES));

  const spy = await thief(port, url);
  const posing = await mediatorClient(routingDid, spy.post, undefined);
  const forgeries = [
    captured.replace(/"tag":"./, '"tag":"_'),
    captured.replace(/"ciphertext":"..../, '"ciphertext":"____'),
    captured.replace(/"protected":"/, '"protected":"e30'),
    await posing.pack(`${PICKUP}/status-request`, {}, { from: victim }),
  ];

  const works = [
    ...Array.from({ length: LORISES }, (_, i) => loris(port, i)),
    ...[true, false].map((announced) => bigBodies(port, announced)),
    repeat(
      'replayed',
      port,
      async () => captured,
      (answer) => {
        if (answer.status === 200 && replays.length < 20) replays.push(bodyOf(answer));
      },
    ),
    repeat('forged', port, async () => forgeries[turn % forgeries.length] ?? ''),
    ...Array.from({ length: FLOODS }, () =>
      repeat('to strangers', port, async () => (await press.print(peerName())).packed),
    ),
  ];
  const [aboutVictim, aboutNobody] = await spyOn(order, spy);
  await Promise.all(works);
  return { answers, slowestSeconds, replays, aboutVictim, aboutNobody };

  async function repeat(
    name: string,
    to: number,
    next: () => Promise<string>,
    look?: (answer: LineAnswer) => void,
  ): Promise<void> {
    let line = new Line(to);
    while (attacking()) {
      if (!line.isOpen) line = new Line(to);
      const answer = await line.ask(postOf(await next(), someAddress()));
      count(name, answer.status);
      look?.(answer);
    }
    line.end();
  }
}

/** Half of them never end their headers, half of them never their body; who is cut off comes back. */
async function loris(port: number, i: number): Promise<void> {
  await sleep((i * 1_000) / LORISES);
  while (attacking()) {
    const startedAt = performance.now();
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      const slowBody = i % 2 === 0;
      socket.write('POST / HTTP/1.1\r\nHost: x\r\n');
      if (slowBody) socket.write('Content-Length: 9000\r\n\r\n');
      const drip = setInterval(() => {
        if (attacking()) socket.write(slowBody ? 'x' : `X-${random(3).toString('hex')}: y\r\n`);
        else socket.destroy();
      }, 1_000);
      socket.on('error', () => undefined).resume();
      socket.on('close', () => {
        clearInterval(drip);
        resolve();
      });
    });
    if (!attacking()) return;
    slowestSeconds = Math.max(slowestSeconds, (performance.now() - startedAt) / 1000);
    count(i % 2 === 0 ? 'slow body' : 'slow headers', 0);
  }
}

/** @param announced by its length; otherwise in chunks */
async function bigBodies(port: number, announced: boolean): Promise<void> {
  const part = 'x'.repeat(1_000_000);
  while (attacking()) {
    const got = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => {
        answer += text;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
      socket.write('POST / HTTP/1.1\r\nHost: x\r\n');
      socket.write(
        announced ? `Content-Length: ${BIG}\r\n\r\n` : 'Transfer-Encoding: chunked\r\n\r\n',
      );
      for (let sent = 0; sent < BIG; sent += part.length)
        socket.write(announced ? part : `${part.length.toString(16)}\r\n${part}\r\n`);
    });
    count('10 MB', Number(got.slice(9, 12)));
  }
}

/** Somebody with an account. */
async function thief(port: number, url: string) {
  const line = new Line(port);
  const post = async (packed: string) => {
    const answer = await line.ask(postOf(packed, '10.200.0.1'));
    return { status: answer.status, body: bodyOf(answer) };
  };
  const did = await didAt(url);
  const client = await mediatorClient(did, post);
  await client.ask(`${CM}/mediate-request`, {});
  return { client, post, end: () => line.end() };
}

/** The same about the victim and its mail, and about somebody and mail that never was. */
async function spyOn(
  { victim, victimIds }: AttackOrder,
  { client, end }: Awaited<ReturnType<typeof thief>>,
): Promise<[string[], string[]]> {
  const told: [string[], string[]] = [[], []];
  const ask = async (type: string, body: object): Promise<string> => {
    const { status, message } = await client.ask(type, body);
    return JSON.stringify([status, message?.type, message?.body, message?.attachments]);
  };
  while (attacking()) {
    const ids = victimIds.map(() => random(16).toString('base64url'));
    const nobody = peerName();
    for (const [at, list, did] of [
      [0, victimIds, victim],
      [1, ids, nobody],
    ] as const) {
      const some = [
        await ask(`${PICKUP}/messages-received`, { message_id_list: list }),
        await ask(`${PICKUP}/status-request`, { recipient_did: did }),
        await ask(`${PICKUP}/delivery-request`, { limit: 10, recipient_did: did }),
        await ask(`${CM}/recipient-update`, {
          updates: [{ recipient_did: did, action: 'remove' }],
        }),
      ];
      told[at].push(...some.map((text) => text.replaceAll(did, 'the DID')));
    }
    // Below the rate of an account.
    await sleep(1_000);
  }
  end();
  return [[...new Set(told[0])].sort(), [...new Set(told[1])].sort()];
}
