import type { Did } from '../did/did.ts';
import { forwardPress, type ForwardPress } from './forward-press.ts';
import { lettersOf, mediatorClient, type MediatorClient } from './mediator-client.ts';
import { documentOf } from './peer-did.ts';
import type { Peer } from './peer.ts';
import { postTo } from './running-mediator.ts';

// Accounts at a mediator that is reached by its address, as a wallet reaches it. test-mediator.ts has those
// of a mediator without a socket.

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';

export interface AccountAt {
  readonly client: MediatorClient;
  /** What was granted. */
  readonly routingDid: Did;
}

/** The DID by which the mediator at an address is asked. */
export const didAt = async (url: string): Promise<Did> =>
  (await (await fetch(`${url}/did`)).text()) as Did;

/** Mail for the client's own DID is taken from here on. */
export async function enrol(url: string, peer?: Peer): Promise<AccountAt> {
  const client = await mediatorClient(await didAt(url), (packed) => postTo(url, packed), peer);
  const { message } = await client.ask(`${CM}/mediate-request`, {});
  const [routingDid] = (message?.body['routing_did'] ?? []) as Did[];
  if (!routingDid) throw new Error('no mediation');
  return { client, routingDid };
}

/** @returns what prints one forward after the other to the account */
export async function printerFor({ client, routingDid }: AccountAt) {
  const press = await forwardPress(await documentOf(routingDid));
  return (): ReturnType<ForwardPress['print']> => press.print(client.peer.did);
}

/** Everything that waits, acknowledged page by page. */
export async function pickUp(client: MediatorClient): Promise<string[]> {
  const received: string[] = [];
  for (;;) {
    const { message } = await client.ask(`${PICKUP}/delivery-request`, { limit: 20 });
    const letters = lettersOf(message);
    if (letters.length === 0) return received;
    received.push(...letters.map(({ packed }) => packed));
    const ids = letters.map(({ id }) => id);
    await client.ask(`${PICKUP}/messages-received`, { message_id_list: ids });
  }
}
