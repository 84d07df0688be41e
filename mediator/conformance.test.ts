import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../src/testing/memory-store.ts';
import { newPeer, type Peer } from '../src/testing/peer.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import { runningMediator, type RunningMediator } from '../src/testing/running-mediator.ts';
import { suiteClient, type SuiteClient } from '../src/testing/suite-client.ts';

// The twenty scenarios of input-output-hk/didcomm-v2-mediator-test-suite @ d5aac24, under the numbers of
// the design, over real HTTP and WebSockets.

const CM = 'https://didcomm.org/coordinate-mediation/2.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';
const BASIC = 'https://didcomm.org/basicmessage/2.0/message';
const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';
const RETURN = { return_route: 'all' };

interface Reply {
  readonly id: string;
  readonly type: string;
  readonly from?: string;
  readonly to?: string[];
  readonly thid?: string;
  readonly pthid?: string;
  readonly body: Record<string, unknown>;
  readonly attachments?: { readonly id: string; readonly data: { readonly base64: string } }[];
}

describe.each([
  ['sqlite', async () => ({})],
  ['sqlite, envelopes opened on two threads', async () => ({ workers: 2 })],
  ['memory', async () => ({ store: memoryStore() })],
  ['postgres', async () => ({ storeUrl: await newDatabase() })],
])('conformance, %s', (_name, store) => {
  let mediator: RunningMediator;
  let mediatorDid: string;
  beforeAll(async () => {
    mediator = await runningMediator(await store());
    mediatorDid = mediator.identity.did;
  });
  afterAll(async () => {
    await mediator.close();
    expect(mediator.faults).toEqual([]);
  });

  const ask = async (client: SuiteClient, type: string, body: object, headers: object = RETURN) => {
    const answer = await mediator.post(await client.pack(mediatorDid, type, body, headers));
    expect(answer.status).toBe(200);
    return (await client.open(answer.body)) as unknown as Reply;
  };
  const newClient = async (): Promise<SuiteClient> => suiteClient(await newPeer());
  /** With a grant and one registered DID, which is a peer of its own. */
  const enrolled = async () => {
    const client = await newClient();
    const grant = await ask(client, `${CM}/mediate-request`, {});
    expect(grant.type).toBe(`${CM}/mediate-grant`);
    expect(Object.keys(grant.body)).toEqual(['routing_did']);
    const recipient = await newPeer();
    const added = await update(client, recipient.did, 'add');
    return { client, recipient, added, routingDid: String(grant.body['routing_did']) };
  };
  const update = (client: SuiteClient, recipient_did: string, action: string) =>
    ask(client, `${CM}/keylist-update`, { updates: [{ recipient_did, action }] });
  /** Somebody writes to the recipient through its mediator. @returns the inner envelope and its text */
  const forward = async (recipient: Peer, routingDid: string) => {
    const sender = await newClient();
    const text = `hello ${crypto.randomUUID()}`;
    const letter = await sender.letter(recipient.did, text);
    const answer = await mediator.post(await sender.forward(letter, recipient.did, routingDid));
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(300);
    expect(answer.body).toBe('');
    return { sender, letter, text };
  };
  const firstOf = ({ attachments = [] }: Reply) => {
    expect(attachments).toHaveLength(1);
    return attachments[0]!;
  };
  const codeOf = (reply: Reply) => {
    expect(reply.type).toBe(REPORT);
    expect(reply.pthid).toBeDefined();
    return reply.body['code'];
  };
  /** The first frame that a new socket gives back. */
  const overNewSocket = async (client: SuiteClient, type: string, body: object) => {
    const socket = await mediator.socket();
    expect(await socket.silentFor(30)).toBe(true);
    socket.send(await client.pack(mediatorDid, type, body, RETURN));
    const frame = await socket.next();
    expect(frame.binary).toBe(false);
    socket.close();
    return (await client.open(frame.text)) as unknown as Reply;
  };

  test('C1: a new DID is added', async () => {
    const { recipient, added } = await enrolled();
    expect(added.type).toBe(`${CM}/keylist-update-response`);
    expect(added.body).toEqual({
      updated: [{ recipient_did: recipient.did, action: 'add', result: 'success' }],
    });
  });

  test('C2: it is removed', async () => {
    const { client, recipient } = await enrolled();
    const removed = await update(client, recipient.did, 'remove');
    expect(removed.body).toEqual({
      updated: [{ recipient_did: recipient.did, action: 'remove', result: 'success' }],
    });
  });

  test('C3: removing an unknown DID changes nothing', async () => {
    const { client } = await enrolled();
    const did = 'did:example:123456789abcdefghi';
    expect((await update(client, did, 'remove')).body).toEqual({
      updated: [{ recipient_did: did, action: 'remove', result: 'no_change' }],
    });
  });

  test('C4: the list has the DID and no foreign member', async () => {
    const { client, recipient } = await enrolled();
    const list = await ask(client, `${CM}/keylist-query`, { paginate: { limit: 2, offset: 0 } });
    expect(list.type).toBe(`${CM}/keylist`);
    expect(list.body).toEqual({ keys: [{ recipient_did: recipient.did }] });
  });

  test('C5: after one forward the status counts one', async () => {
    const { client, recipient, routingDid } = await enrolled();
    await forward(recipient, routingDid);
    const status = await ask(client, `${PICKUP}/status-request`, { recipient_did: recipient.did });
    expect(status.type).toBe(`${PICKUP}/status`);
    expect(status.body).toMatchObject({ message_count: 1, recipient_did: recipient.did });
  });

  test('C6: without one it counts none', async () => {
    const { client, recipient } = await enrolled();
    const status = await ask(client, `${PICKUP}/status-request`, { recipient_did: recipient.did });
    expect(status.body).toMatchObject({ message_count: 0, recipient_did: recipient.did });
  });

  test('C7: the delivery holds what was forwarded', async () => {
    const { client, recipient, routingDid } = await enrolled();
    const { sender, letter, text } = await forward(recipient, routingDid);
    const delivery = await ask(client, `${PICKUP}/delivery-request`, {
      limit: 1,
      recipient_did: recipient.did,
    });
    expect(delivery.type).toBe(`${PICKUP}/delivery`);
    expect(delivery.body).toEqual({ recipient_did: recipient.did });
    const { data } = firstOf(delivery);
    const inner = atob(data.base64);
    expect(JSON.parse(inner)).toEqual(JSON.parse(letter));
    expect(await suiteClient(recipient).open(inner)).toMatchObject({
      body: { content: text },
      from: sender.peer.did,
      to: [recipient.did],
    });
  });

  test('C8: an empty inbox answers a delivery request by its status', async () => {
    const { client, recipient } = await enrolled();
    const status = await ask(client, `${PICKUP}/delivery-request`, {
      limit: 1,
      recipient_did: recipient.did,
    });
    expect(status.type).toBe(`${PICKUP}/status`);
    expect(status.body).toMatchObject({ message_count: 0, recipient_did: recipient.did });
  });

  test('C9: what is acknowledged is gone', async () => {
    const { client, recipient, routingDid } = await enrolled();
    await forward(recipient, routingDid);
    const delivery = await ask(client, `${PICKUP}/delivery-request`, { limit: 1 });
    const { id } = firstOf(delivery);
    const received = { message_id_list: [id] };
    const thread = { ...RETURN, thid: delivery.thid };
    const status = await ask(client, `${PICKUP}/messages-received`, received, thread);
    expect(status.body['message_count']).toBe(0);
    expect((await ask(client, `${PICKUP}/status-request`, {})).body['message_count']).toBe(0);
  });

  const changeLiveOverHttp = async (client: SuiteClient) =>
    codeOf(await ask(client, `${PICKUP}/live-delivery-change`, { live_delivery: 'true' }));

  test('C10: a new socket delivers one message in a text frame', async () => {
    const { client, recipient, routingDid } = await enrolled();
    expect(await changeLiveOverHttp(client)).toBe('e.m.live-mode-not-supported');
    const { letter } = await forward(recipient, routingDid);
    const delivery = await overNewSocket(client, `${PICKUP}/delivery-request`, { limit: 1 });
    expect(delivery.type).toBe(`${PICKUP}/delivery`);
    expect(JSON.parse(atob(firstOf(delivery).data.base64))).toEqual(JSON.parse(letter));
  });

  test('C11: a new socket says that there is none', async () => {
    const { client } = await enrolled();
    await changeLiveOverHttp(client);
    const status = await overNewSocket(client, `${PICKUP}/delivery-request`, { limit: 1 });
    expect([status.type, status.body['message_count']]).toEqual([`${PICKUP}/status`, 0]);
  });

  test('C12: acknowledged over HTTP, a new socket counts none', async () => {
    const { client, recipient, routingDid } = await enrolled();
    await changeLiveOverHttp(client);
    await forward(recipient, routingDid);
    const delivery = await overNewSocket(client, `${PICKUP}/delivery-request`, { limit: 1 });
    const received = { message_id_list: [firstOf(delivery).id] };
    await ask(client, `${PICKUP}/messages-received`, received);
    const status = await overNewSocket(client, `${PICKUP}/status-request`, {});
    expect(status.body['message_count']).toBe(0);
  });

  test('C13, C14: a ping is answered in the body, or at the sender’s endpoint and nowhere else', async () => {
    const arrived: string[] = [];
    const listener = createServer((request, response) => {
      request.on('data', (part: Buffer) => arrived.push(part.toString()));
      request.on('end', () => response.writeHead(202).end());
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const client = suiteClient(await newPeer([{ uri: `http://127.0.0.1:${port}/` }]));
    const id = crypto.randomUUID();

    const inBody = await ask(client, PING, { response_requested: true }, { ...RETURN, id });
    expect(inBody).toMatchObject({ type: `${PING}-response`, thid: id, to: [client.peer.did] });
    expect(arrived).toEqual([]);

    const none = { return_route: 'none' };
    const packed = await client.pack(mediatorDid, PING, { response_requested: true }, none);
    const answer = await mediator.post(packed);
    expect(answer.body).toBe('');
    expect([200, 202]).toContain(answer.status);
    expect((await client.open(arrived.join(''))).type).toBe(`${PING}-response`);
    listener.close();
  });

  test('C15: the same envelope twice', async () => {
    const { client } = await enrolled();
    const packed = await client.pack(mediatorDid, BASIC, { content: 'hi' }, RETURN);
    expect((await mediator.post(packed)).status).toBe(202);
    const again = (await client.open((await mediator.post(packed)).body)) as unknown as Reply;
    expect(codeOf(again)).toBe('e.p.crypto.message.dejavu');
  });

  test('C16, C17: a type without version, and a version of the future', async () => {
    const { client } = await enrolled();
    for (const type of [
      'https://didcomm.org/unsupported-protocol',
      'https://didcomm.org/basicmessage/100.0/message',
    ])
      expect(codeOf(await ask(client, type, {}))).toBe('e.p.msg.unsupported');
  });

  test('C18: no delivery without a grant', async () => {
    const client = await newClient();
    const reply = await ask(client, `${PICKUP}/delivery-request`, { limit: 1 });
    expect(codeOf(reply)).toBe('e.p.req.not_enroll');
    expect(reply.body['args']).toEqual([client.peer.did]);
  });

  test('C19: a forward to a stranger is answered by a signature', async () => {
    const sender = await newClient();
    const stranger = await newPeer();
    const letter = await sender.letter(stranger.did, 'hello');
    const answer = await mediator.post(await sender.forward(letter, stranger.did, mediatorDid));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toHaveProperty('payload');
    const reply = (await sender.open(answer.body)) as unknown as Reply;
    expect(codeOf(reply)).toBe('e.p.req.not_enroll');
  });

  test('C20: a text without content', async () => {
    const { client } = await enrolled();
    expect(codeOf(await ask(client, BASIC, {}))).toBe(`e.p.msg.${BASIC}`);
  });

  test('a second request is granted again, with the same DID', async () => {
    const { client, routingDid } = await enrolled();
    const again = await ask(client, `${CM}/mediate-request`, {});
    expect(again.body).toEqual({ routing_did: routingDid });
  });

  test.each([
    [4, 2, 2],
    [2, 4, 2],
    [3, 3, 3],
  ])('of %i messages a limit of %i gives %i', async (messages, limit, given) => {
    const { client, recipient, routingDid } = await enrolled();
    for (let i = 0; i < messages; i += 1) await forward(recipient, routingDid);
    const delivery = await ask(client, `${PICKUP}/delivery-request`, { limit });
    expect(delivery.attachments).toHaveLength(given);
  });

  test('of another’s mail and DID is said what is said of none, whatever is asked; and it stays', async () => {
    const victim = await enrolled();
    const letters: string[] = [];
    for (let i = 0; i < 3; i += 1)
      letters.push((await forward(victim.recipient, victim.routingDid)).letter);
    const mailOf = async () =>
      (await ask(victim.client, `${PICKUP}/delivery-request`, { limit: 9 })).attachments ?? [];
    const ids = (await mailOf()).map(({ id }) => id);
    const { client: thief } = await enrolled();
    const said = async (list: readonly string[], did: string) => {
      const replies = [
        await ask(thief, `${PICKUP}/messages-received`, { message_id_list: list }),
        await ask(thief, `${PICKUP}/status-request`, { recipient_did: did }),
        await ask(thief, `${PICKUP}/delivery-request`, { limit: 9, recipient_did: did }),
        await update(thief, did, 'remove'),
      ];
      const parts = replies.map(({ type, body, attachments }) => ({ type, body, attachments }));
      return JSON.stringify(parts).replaceAll(did, 'the DID');
    };
    const never = ids.map(() => randomBytes(16).toString('base64url'));
    const ofNobody = await said(never, (await newPeer()).did);
    expect(await said(ids, victim.recipient.did)).toBe(ofNobody);
    expect(await said(ids, victim.client.peer.did)).toBe(ofNobody);
    expect((await mailOf()).map(({ data }) => JSON.parse(atob(data.base64)) as unknown)).toEqual(
      letters.map((letter) => JSON.parse(letter) as unknown),
    );
  });

  test('a tampered envelope is refused', async () => {
    const client = await newClient();
    const jwe = JSON.parse(await client.pack(mediatorDid, PING, {}, RETURN)) as { tag: string };
    const tag = jwe.tag.startsWith('A') ? `B${jwe.tag.slice(1)}` : `A${jwe.tag.slice(1)}`;
    expect(await mediator.post(JSON.stringify({ ...jwe, tag }))).toEqual({ status: 400, body: '' });
  });
});
