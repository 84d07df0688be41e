import { afterEach, expect } from 'vitest';
import type { Limits } from '../../mediator/limits.ts';
import type { Message } from '../didcomm/plaintext.ts';
import {
  forwardOf,
  letterFor,
  lettersOf,
  mediatorClient,
  type MediatorClient,
} from './mediator-client.ts';
import { runningMediator, type RunningMediator, type TestSocket } from './running-mediator.ts';

export const CM = 'https://didcomm.org/coordinate-mediation/3.0';
export const PICKUP = 'https://didcomm.org/messagepickup/3.0';

const started: RunningMediator[] = [];

/** A mediator for this test, which is to end it without a fault. */
export async function startLive(limits: Partial<Limits> = {}): Promise<RunningMediator> {
  const mediator = await runningMediator({ limits });
  started.push(mediator);
  return mediator;
}

afterEach(async () => {
  for (const mediator of started.splice(0)) {
    await mediator.close();
    expect(mediator.faults).toEqual([]);
  }
});

/** Somebody with a grant. */
export async function accountAt(mediator: RunningMediator): Promise<MediatorClient> {
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  await client.ask(`${CM}/mediate-request`, {});
  return client;
}

export async function askOn(
  socket: TestSocket,
  client: MediatorClient,
  type: string,
  body: object,
): Promise<Message> {
  socket.send(await client.pack(type, body));
  return (await client.open((await socket.next()).text)).message;
}

export const goLive = (
  socket: TestSocket,
  client: MediatorClient,
  live_delivery: boolean | string = true,
): Promise<Message> => askOn(socket, client, `${PICKUP}/live-delivery-change`, { live_delivery });

/** Forwards a letter to them. @returns the letter */
export async function sendTo(
  mediator: RunningMediator,
  client: MediatorClient,
  text: string,
): Promise<string> {
  const letter = await letterFor(client.peer, text);
  const forward = await forwardOf(letter, client.peer.did, mediator.identity.routingDid);
  expect((await mediator.post(forward)).status).toBe(202);
  return letter;
}

/** What is pushed next, as a text frame. */
export async function pushedOn(socket: TestSocket, client: MediatorClient) {
  const { text, binary } = await socket.next();
  expect(binary).toBe(false);
  const { message, sender } = await client.open(text);
  return { message, sender, letters: lettersOf(message) };
}
