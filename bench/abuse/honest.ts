import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrol } from '../../src/testing/accounts.ts';
import { forwardPress } from '../../src/testing/forward-press.ts';
import { lettersOf, type MediatorClient } from '../../src/testing/mediator-client.ts';
import { documentOf } from '../../src/testing/peer-did.ts';
import { bodyOf, Line, postOf } from '../load/line.ts';
import { liveAccount, type LiveAccount } from './live-account.ts';
import { addressOf } from './names.ts';

/** With a socket in live mode, and without. */
const ONLINE = 10;
const OFFLINE = 20;
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
/** Between two of one lane, in ms: people do not send as fast as they are answered. */
const PAUSE = 10;

/** Milliseconds by what was done, and what was answered otherwise than it should. */
export interface Waits {
  readonly times: Readonly<Record<string, readonly number[]>>;
  readonly wrong: Readonly<Record<string, number>>;
}

export interface Honest {
  /** Does everything so often: posts mail, asks for a status, fetches and acknowledges, is woken on a socket. */
  run(samples: number): Promise<Waits>;
  end(): void;
}

/** People with accounts, each at an address of its own. */
export async function honestClients(url: string): Promise<Honest> {
  const online: LiveAccount[] = [];
  const offline: MediatorClient[] = [];
  for (let i = 0; i < ONLINE; i += 1) online.push(await liveAccount(url, addressOf(i)));
  for (let i = 0; i < OFFLINE; i += 1) offline.push((await enrol(url)).client);
  const everybody = [...online.map(({ client }) => client), ...offline];
  const press = await forwardPress(await documentOf(online[0]!.routingDid));
  const port = Number(new URL(url).port);
  let turn = 0;

  return {
    end: () => {
      for (const { socket } of online) socket.terminate();
    },
    run: async (samples) => {
      const lines = Array.from({ length: 4 }, () => new Line(port));
      const times: Record<string, number[]> = {};
      const wrong: Record<string, number> = {};
      const note = (name: string, ms: number, right: boolean, what: unknown): void => {
        (times[name] ??= []).push(ms);
        if (!right)
          wrong[`${name}: ${String(what)}`] = (wrong[`${name}: ${String(what)}`] ?? 0) + 1;
      };
      const ask = async (name: string, line: Line, packed: string, expected: number) => {
        const request = postOf(packed, addressOf(0x10000 + ((turn += 1) % 5_000)));
        const startedAt = performance.now();
        const answer = await line.ask(request);
        note(name, performance.now() - startedAt, answer.status === expected, answer.status);
        return answer.status === 200 ? bodyOf(answer) : undefined;
      };
      const lane = async <T>(of: readonly T[], work: (person: T) => Promise<unknown>) => {
        for (let i = 0; i < samples; i += 1) {
          await work(of[i % of.length]!);
          await sleep(PAUSE);
        }
      };
      const [posting, asking, fetching, waking] = lines as [Line, Line, Line, Line];
      await Promise.all([
        lane(offline, async ({ peer }) =>
          ask('forward', posting, (await press.print(peer.did)).packed, 202),
        ),
        lane(offline, async (client) => {
          const packed = await client.pack(`${PICKUP}/status-request`, {});
          const body = await ask('status', asking, packed, 200);
          const code = body && (await client.open(body)).message.body['code'];
          if (code !== undefined) note('status', 0, false, code);
        }),
        lane(everybody, async (client) => {
          const request = await client.pack(`${PICKUP}/delivery-request`, { limit: 10 });
          const body = await ask('delivery', fetching, request, 200);
          const ids = body ? lettersOf((await client.open(body)).message).map(({ id }) => id) : [];
          const received = { message_id_list: ids };
          await ask(
            'acknowledgement',
            fetching,
            await client.pack(`${PICKUP}/messages-received`, received),
            200,
          );
        }),
        lane(online, async ({ did, socket }) => {
          const { packed } = await press.print(did);
          const startedAt = performance.now();
          const woken = once(socket, 'message', { signal: AbortSignal.timeout(60_000) });
          await ask('forward', waking, packed, 202);
          await woken;
          note('forward to live socket', performance.now() - startedAt, true, '');
        }),
      ]);
      for (const line of lines) line.end();
      return { times, wrong };
    },
  };
}
