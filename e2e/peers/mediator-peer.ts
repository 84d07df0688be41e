import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Did } from '../../src/did/did.ts';
import type { Message } from '../../src/didcomm/plaintext.ts';
import { forwardedEnvelopes } from '../../src/protocols/routing/unwrap.ts';
import {
  attachmentOf,
  mediatorAccounts,
  PICKUP,
  type Account,
  type Mail,
} from './mediator-accounts.ts';
import type { Quirks } from './mediator-quirks.ts';
import { mediatorVoice, seal } from './mediator-voice.ts';

// A mediator of another make, as far as a wallet can tell: what each of them does otherwise is a quirk that its
// own file names. It is a test peer on the product's engine and was never compared with a running mediator.

const FORWARD = 'https://didcomm.org/routing/2.0/forward';

export interface MediatorPeer {
  readonly url: string;
  readonly did: Did;
  readonly invitation: string;
  readonly link: string;
  /** Names of all messages that came, oldest first, with their body. */
  readonly asked: readonly Asked[];
  /** What waits for all accounts. */
  readonly waiting: number;
  registeredDids(): readonly string[];
  close(): Promise<void>;
}
export interface Asked {
  readonly type: string;
  readonly id: string;
  readonly body: Message['body'];
  readonly returnRoute: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

const ENCRYPTED = 'application/didcomm-encrypted+json';
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type',
};

export async function startMediatorPeer(quirks: Quirks): Promise<MediatorPeer> {
  const seen = new Set<string>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const answering = request.method === 'OPTIONS' ? { status: 204 } : overHttp(request);
    void Promise.resolve(answering).then(({ status, type, body }: Answer) => {
      response.writeHead(status, {
        ...CORS,
        ...(type === undefined ? {} : { 'content-type': type }),
      });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const sockets = new WebSocketServer({ server, path: '/ws' });
  const wsUrl = quirks.noSocket ? undefined : `ws://127.0.0.1:${port}/ws`;
  const voice = await mediatorVoice(quirks, url, wsUrl);
  const accounts = mediatorAccounts(quirks, voice);

  async function overHttp(request: IncomingMessage): Promise<Answer> {
    if (request.method === 'GET')
      return { status: 200, type: 'application/json', body: invitation };
    if (quirks.exactContentType && request.headers['content-type'] !== ENCRYPTED)
      return { status: 400, type: 'text/plain', body: 'content type' };
    const { status = 200, type = ENCRYPTED, none } = quirks.reply ?? {};
    const said = await take(await textOf(request), undefined);
    if (typeof said === 'string') return { status, type, body: said };
    if (said) return said;
    if (quirks.holdMs !== undefined) await sleep(quirks.holdMs);
    return { status: 202, ...(none === undefined ? {} : { type, body: none }) };
  }

  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      void take(data.toString(), socket).then((said) => {
        if (typeof said === 'string') sendOn(socket, said);
      });
    });
  });
  const sendOn = (socket: WebSocket, packed: string): void =>
    socket.send(quirks.socketFrames === 'binary' ? Buffer.from(packed) : packed);

  /** @returns the packed reply, an HTTP answer of another kind, or nothing */
  async function take(
    packed: string,
    socket: WebSocket | undefined,
  ): Promise<string | Answer | undefined> {
    const opened = await voice.open(packed);
    if (opened.kind !== 'ok') return voice.signedReport('e.p.msg', '?', 'it does not open');
    const { message, sender } = opened.inbound;
    asked.push({
      type: message.type,
      id: message.id,
      body: message.body,
      returnRoute: message.return_route,
    });
    const again = quirks.dejavu && seen.has(packed);
    seen.add(packed);
    if (message.type === FORWARD) return again ? dejavu(message) : forward(message);
    if (!sender) return undefined;
    const reply = again ? undefined : accounts.answerTo(message, sender, socket);
    if (typeof quirks.unknown === 'number' && reply === 'unknown')
      return { status: quirks.unknown, type: 'text/plain', body: 'Unsupported message type' };
    if (quirks.strictReturnRoute && message.return_route !== 'all') return undefined;
    if (again) return dejavu(message);
    const said = await reply;
    if (said === undefined || said === 'unknown') return undefined;
    return voice.sealTo(sender, accounts.all.get(sender), said, message);
  }

  const dejavu = (message: Message) =>
    voice.signedReport('e.p.crypto.message.dejavu', message.id, 'seen before');

  async function forward(message: Message): Promise<string | undefined> {
    const next = String(message.body['next']);
    const inside = forwardedEnvelopes(message.attachments);
    const [packed] = inside.kind === 'ok' ? inside.envelopes : [];
    const account = [...accounts.all.values()].find(({ aliases }) => aliases.has(next));
    const refuse = () =>
      voice.signedReport('e.p.req.not_enroll', message.id, "The DID '{1}' is not enroled.", [next]);
    if (!account || packed === undefined)
      return quirks.unknownNext === 'report' ? refuse() : undefined;
    const hash = createHash('sha256').update(packed).digest('hex');
    if (account.hashes.has(hash)) return quirks.reportsInnerTwins ? refuse() : undefined;
    account.hashes.add(hash);
    const mail: Mail = { id: `${quirks.idPrefix ?? ''}${hash}`, packed, next, thid: message.id };
    account.mail.push(mail);
    await push(account, mail);
    return undefined;
  }

  async function push(account: Account, mail: Mail): Promise<void> {
    const { socket } = account;
    if (!socket || socket.readyState !== socket.OPEN || typeof quirks.live !== 'string') return;
    if (quirks.live === 'bare') {
      sendOn(socket, mail.packed);
      return;
    }
    const to = (quirks.live === 'recipient' ? mail.next : account.did) as Did;
    const plaintext = {
      id: randomUUID(),
      type: `${PICKUP}/delivery`,
      from: account.me.did,
      to: [to],
      thid: mail.thid,
      body: {},
      attachments: [attachmentOf(quirks, mail)],
    };
    sendOn(socket, await seal(account.me, to, plaintext));
  }

  const invitation = JSON.stringify({
    type: 'https://didcomm.org/out-of-band/2.0/invitation',
    id: randomUUID(),
    typ: 'application/didcomm-plain+json',
    from: voice.me.did,
    body: { goal_code: 'request-mediate', goal: 'RequestMediate', accept: ['didcomm/v2'] },
  });
  return {
    url,
    did: voice.me.did,
    invitation,
    link: `${url}?_oob=${Buffer.from(invitation).toString('base64url')}`,
    asked,
    get waiting() {
      return [...accounts.all.values()].reduce((sum, { mail }) => sum + mail.length, 0);
    },
    registeredDids: () => [...accounts.all.values()].flatMap(({ aliases }) => [...aliases]),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
