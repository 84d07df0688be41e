import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import { readBody } from './http.ts';
import { listen } from './listen.ts';
import { noMetrics, type Metrics } from './operations/metrics.ts';
import type { Wakeups } from './wakeups.ts';

const ACCOUNTS_AT_ONCE = 1_000;
const BODY_BYTES = 32 * ACCOUNTS_AT_ONCE;
const ANSWER_MS = 1_000;
/** How far the clocks of two nodes may differ. */
const CLOCK_MS = 60_000;

export interface HttpWakeupOptions {
  /** `host:port` that this node listens on and the others call; port 0 takes a free one. */
  readonly address: string;
  /** Known to the nodes of one database only. */
  readonly secret: string;
  readonly now?: () => number;
  readonly metrics?: Metrics;
}

/**
 * Node to node over HTTP: `POST /wake`, the numbers of accounts in lines, signed with the shared secret and the
 * time. One request at a time for each node: what comes meanwhile goes with the next.
 */
export async function httpWakeups(options: HttpWakeupOptions): Promise<Wakeups> {
  const { secret, now = Date.now, metrics = noMetrics } = options;
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(options.address) ?? [];
  let wake = (_account: bigint): void => undefined;
  const server = createServer((incoming, response) => {
    hear(incoming).then(
      (accounts) => {
        response.writeHead(accounts ? 204 : 403).end();
        for (const account of accounts ?? []) wake(account);
      },
      () => incoming.destroy(), // the other side went away
    );
  });
  const bare = host.replace(/^\[|\]$/g, '');
  const address = `${host}:${await listen(server, '--node-address', Number(port), bare)}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const waiting = new Map<string, Set<bigint>>();

  const sign = (at: string, body: string): Buffer =>
    createHmac('sha256', secret).update(`${at}\n${body}`).digest();

  async function hear(incoming: IncomingMessage): Promise<readonly bigint[] | undefined> {
    const body = Buffer.from((await readBody(incoming, BODY_BYTES)) ?? []).toString('latin1');
    const { 'x-time': at, 'x-signature': signature } = incoming.headers;
    const given = Buffer.from(String(signature), 'base64url');
    const wanted = sign(String(at), body);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    if (Math.abs(now() - Number(at)) > CLOCK_MS) return undefined;
    return body.split('\n').map(BigInt);
  }

  /** What is not heard is lost: the other node looks for itself. */
  function say(to: string, body: string): Promise<'sent' | 'lost'> {
    const at = String(now());
    return new Promise((resolve) => {
      const outgoing = request(`http://${to}/wake`, {
        method: 'POST',
        agent,
        timeout: ANSWER_MS,
        headers: { 'x-time': at, 'x-signature': sign(at, body).toString('base64url') },
      });
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => resolve('lost'));
      outgoing.on('response', (response) =>
        response.resume().on('close', () => resolve(response.statusCode === 204 ? 'sent' : 'lost')),
      );
      outgoing.end(body);
    });
  }

  async function work(to: string, accounts: Set<bigint>): Promise<void> {
    while (accounts.size > 0) {
      const batch = [...accounts].slice(0, ACCOUNTS_AT_ONCE);
      for (const account of batch) accounts.delete(account);
      const outcome = await say(to, batch.join('\n'));
      metrics.count('wakeups_total', { outcome }, batch.length);
    }
    waiting.delete(to);
  }

  return {
    address,
    hear: (onWake) => {
      wake = onWake;
    },
    publish: (to, account) => {
      if (to === '') return;
      const accounts = waiting.get(to);
      if (accounts) {
        accounts.add(account);
        return;
      }
      const first = new Set([account]);
      waiting.set(to, first);
      void work(to, first);
    },
    close: async () => {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
