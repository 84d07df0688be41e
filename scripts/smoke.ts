/**
 * npm run smoke -- <url>: a client's whole journey through a running mediator (mediate, register,
 * forward, pick up, acknowledge, hear of mail on a socket). Leaves nothing behind but an account without mail.
 */
import { once } from 'node:events';
import process from 'node:process';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { isDid, type Did } from '../src/did/did.ts';
import type { Message } from '../src/didcomm/plaintext.ts';
import type { MessageType } from '../src/didcomm/message-type.ts';
import { CoordinateMediation2 as Mediation } from '../src/protocols/coordinate-mediation/messages.ts';
import {
  Delivery,
  DeliveryRequest,
  LiveDeliveryChange,
  MessagesReceived,
  Status,
  StatusRequest,
} from '../src/protocols/message-pickup/messages.ts';
import {
  forwardOf,
  letterFor,
  lettersOf,
  mediatorClient,
  type WireAnswer,
} from '../src/testing/mediator-client.ts';
import { documentOf } from '../src/testing/peer-did.ts';

const [url] = process.argv.slice(2);
if (url === undefined || !URL.canParse(url)) {
  console.error('Say which mediator: npm run smoke -- http://localhost:8080');
  process.exit(2);
}
const at = url.replace(/\/$/, '');

async function post(packed: string): Promise<WireAnswer> {
  const response = await fetch(`${at}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/didcomm-encrypted+json' },
    body: packed,
  });
  return { status: response.status, body: await response.text() };
}

/** The body of a reply of this type; any other reply ends the journey. */
function bodyOf<S extends v.GenericSchema>(
  { type, body }: MessageType<string, S>,
  reply: Message | undefined,
): v.InferOutput<S> {
  if (reply?.type !== type)
    throw new Error(`expected ${type}, got ${JSON.stringify(reply && [reply.type, reply.body])}`);
  return v.parse(body, reply.body);
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work().catch((fault: unknown): never => {
    console.error(`The mediator at ${at} fails: ${name}: ${wordsOf(fault)}`);
    process.exit(1);
  });
  console.log(`ok  ${name} (${Math.round(performance.now() - startedAt)} ms)`);
  return result;
}

/** What the network says is the cause of a request that failed. */
function wordsOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault.cause instanceof Error ? wordsOf(fault.cause) : fault.message;
}

function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected)
    throw new Error(`${what}: ${String(found)} instead of ${String(expected)}`);
}

const FRAME_MS = 10_000;

/** What the next frame holds. */
async function nextOn(socket: WebSocket): Promise<Message> {
  const signal = AbortSignal.timeout(FRAME_MS);
  const frame = await once(socket, 'message', { signal }).catch((fault: unknown) => {
    throw signal.aborted ? new Error(`nothing on the socket for ${FRAME_MS / 1000} s`) : fault;
  });
  return (await client.open(String(frame[0]))).message;
}

/** Asks on the socket, and waits for the answer there. */
async function onSocket(type: string, body: object): Promise<Message> {
  const answer = nextOn(socket);
  socket.send(await client.pack(type, body));
  return answer;
}

const mediatorDid = await step('invitation', async (): Promise<Did> => {
  const { from } = v.parse(
    v.object({ from: v.string() }),
    await (await fetch(`${at}/invitation`)).json(),
  );
  if (!isDid(from)) throw new Error('the invitation is from no DID');
  return from;
});
const client = await mediatorClient(mediatorDid, post);
const { did } = client.peer;
const ask = async (type: string, body: object) => (await client.ask(type, body)).message;

const routingDid = await step('mediation is granted', async (): Promise<Did> => {
  const granted = bodyOf(Mediation.grant, await ask(Mediation.request.type, {}));
  const [first] = granted.routing_did;
  if (!isDid(first)) throw new Error('the grant names no DID');
  return first;
});
await step('a DID is registered', async () => {
  const updates = [{ recipient_did: did, action: 'add' }];
  const { updated } = bodyOf(Mediation.updated, await ask(Mediation.update.type, { updates }));
  expectEqual('result', updated[0]?.result, 'success');
});
const letter = await letterFor(client.peer, 'smoke');
await step('a stranger’s message is taken', async () => {
  expectEqual('status', (await post(await forwardOf(letter, did, routingDid))).status, 202);
});
const waiting = async () => bodyOf(Status, await ask(StatusRequest.type, {})).message_count;
await step('it waits', async () => expectEqual('messages', await waiting(), 1));
const [arrived] = await step('it is delivered', async () => {
  const delivery = await ask(DeliveryRequest.type, { limit: 10 });
  bodyOf(Delivery, delivery);
  const letters = lettersOf(delivery);
  expectEqual('letter', letters[0]?.packed, letter);
  return letters;
});
await step('it is acknowledged and gone', async () => {
  await ask(MessagesReceived.type, { message_id_list: [arrived?.id] });
  expectEqual('messages', await waiting(), 0);
});
const socket = await step('a socket opens', async () => {
  const opened = new WebSocket(`${at.replace(/^http/, 'ws')}/ws`, { handshakeTimeout: FRAME_MS });
  await once(opened, 'open');
  return opened;
});
await step('mail comes by itself', async () => {
  await onSocket(LiveDeliveryChange.type, { live_delivery: true });
  const pushed = nextOn(socket);
  const another = await letterFor(client.peer, 'smoke');
  expectEqual('status', (await post(await forwardOf(another, did, routingDid))).status, 202);
  const [letter, ...more] = lettersOf(await pushed);
  expectEqual('letter', letter?.packed, another);
  expectEqual('more letters', more.length, 0);
  const left = await onSocket(MessagesReceived.type, { message_id_list: [letter?.id] });
  expectEqual('messages', bodyOf(Status, left).message_count, 0);
});
socket.close();
await step('the DID is removed', async () => {
  const updates = [{ recipient_did: did, action: 'remove' }];
  const { updated } = bodyOf(Mediation.updated, await ask(Mediation.update.type, { updates }));
  expectEqual('result', updated[0]?.result, 'success');
});
console.log(`The mediator at ${at} serves its clients.`);
const { services } = await documentOf(mediatorDid);
const stated = services.map(({ uri }) => uri).find((uri) => /^https?:/.test(uri));
if (stated?.replace(/\/$/, '') !== at)
  console.log(`It tells them to come to ${String(stated)}, which is its --url.`);
