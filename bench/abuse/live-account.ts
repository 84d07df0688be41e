import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Did } from '../../src/did/did.ts';
import { enrol } from '../../src/testing/accounts.ts';
import type { MediatorClient } from '../../src/testing/mediator-client.ts';

const PICKUP = 'https://didcomm.org/messagepickup/3.0';

export interface LiveAccount {
  readonly socket: WebSocket;
  readonly client: MediatorClient;
  readonly did: Did;
  readonly routingDid: Did;
}

/** A new account with a socket in live mode. @param address the address that a proxy would have put before it */
export async function liveAccount(url: string, address?: string): Promise<LiveAccount> {
  const { client, routingDid } = await enrol(url);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    perMessageDeflate: false,
    ...(address === undefined ? {} : { headers: { 'x-forwarded-for': address } }),
  });
  await once(socket, 'open');
  const answered = once(socket, 'message');
  socket.send(await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
  await answered;
  return { socket, client, did: client.peer.did, routingDid };
}
