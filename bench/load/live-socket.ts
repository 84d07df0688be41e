import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Did } from '../../src/did/did.ts';
import { didAt } from '../../src/testing/accounts.ts';
import { mediatorClient } from '../../src/testing/mediator-client.ts';
import { postTo } from '../../src/testing/running-mediator.ts';

const AT_ONCE = 50;
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const CM = 'https://didcomm.org/coordinate-mediation/3.0';

export interface LiveSocket {
  readonly socket: WebSocket;
  /** The account's, to which mail is forwarded. */
  readonly did: Did;
}

export async function bareSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** Makes new accounts at a mediator, and a socket in live mode for each. @param url where it listens, http */
export async function liveSockets(url: string, count: number): Promise<readonly LiveSocket[]> {
  const mediatorDid = await didAt(url);
  return several(count, async () => {
    const client = await mediatorClient(mediatorDid, (packed) => postTo(url, packed));
    const socket = await bareSocket(`${url.replace(/^http/, 'ws')}/ws`);
    for (const [type, body] of [
      [`${CM}/mediate-request`, {}],
      [`${PICKUP}/live-delivery-change`, { live_delivery: true }],
    ] as const) {
      const answered = once(socket, 'message');
      socket.send(await client.pack(type, body));
      await answered;
    }
    return { socket, did: client.peer.did };
  });
}

/** Some at a time. */
export async function several<T>(count: number, make: () => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  while (made.length < count) {
    const length = Math.min(AT_ONCE, count - made.length);
    made.push(...(await Promise.all(Array.from({ length }, make))));
  }
  return made;
}
