import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Did } from '../../src/did/did.ts';
import { signFromPrior } from '../../src/didcomm/from-prior.ts';
import { nativeEngine } from '../../src/didcomm/native-engine.ts';
import { packAuthcrypt } from '../../src/didcomm/pack.ts';
import type { Message } from '../../src/didcomm/plaintext.ts';
import { openEnvelope } from '../../src/didcomm/trust-gate.ts';
import { resolveDid } from '../../src/did/resolve.ts';
import { forwardedEnvelopes } from '../../src/protocols/routing/unwrap.ts';
import { documentOf } from '../../src/testing/peer-did.ts';
import { jointSecrets, newPeer, type Peer } from '../../src/testing/peer.ts';

// A mediator of another make, as far as a wallet can tell: what each of them does otherwise is a quirk that its
// own file names. It is a test peer on the product's engine and was never compared with a running mediator.

const CM = 'https://didcomm.org/coordinate-mediation';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';
const FORWARD = 'https://didcomm.org/routing/2.0/forward';

export interface Quirks {
  readonly mediation: '2.0' | '3.0';
  /** How `match` of a discover-features query is read; absent: discover-features is unknown. */
  readonly matches?: (pattern: string, id: string) => boolean;
  /** What is unknown or malformed: a report, plain text with this status, or nothing at all. */
  readonly unknown: 'report' | 'silence' | number;
  readonly grant: 'string' | 'array';
  /** A second `mediate-request`, of anybody it knows. */
  readonly deniesRepeats?: boolean;
  readonly denyBody?: null;
  readonly updatedAs?: 'updates';
  /** Verbs of somebody without a grant. */
  readonly stranger: 'report' | 'silence';
  /** Content types other than the exact one are refused. */
  readonly exactContentType?: boolean;
  /** Exchanges without a reply are held so long. */
  readonly holdMs?: number;
  /** Without `return_route` nothing is said. */
  readonly strictReturnRoute?: boolean;
  /** The status and content type of a reply over HTTP, and the body when there is none. */
  readonly reply?: { readonly status: number; readonly type: string; readonly none?: string };
  /** Replies lack `from` and `to`, and `thid`, or have their own id as `thid`. */
  readonly bare?: 'nameless' | 'own-thid' | 'no-thid';
  readonly idPrefix?: string;
  /** From its first reply on it speaks to each client from a DID of its own, which only that reply proves. */
  readonly rotates?: boolean;
  /** The routing DID is another one, without `wsUrl`. */
  readonly ownRoutingDid?: boolean;
  /** Most that one delivery holds, whatever was asked for; absent: everything. */
  readonly maxPage?: number;
  readonly honoursLimit: boolean;
  readonly attachment: 'base64' | 'base64-padded' | 'json' | 'json-text';
  readonly deletesOnDelivery?: boolean;
  /** An acknowledgement is answered by a status, or not at all. */
  readonly ackReply: 'status' | 'none';
  /** Of several ids in one acknowledgement only the first counts. */
  readonly singleAck?: boolean;
  /** An envelope seen before; and a new forward around a message that is kept already. */
  readonly dejavu?: boolean;
  readonly reportsInnerTwins?: boolean;
  readonly unknownNext: 'report' | 'silence';
  /** Where live mail goes; a string is the code of the report that there is none. */
  readonly live: 'account' | 'recipient' | 'bare' | { readonly refusal: string };
  readonly socketFrames?: 'text' | 'binary';
  /** No WebSocket in the DID. */
  readonly noSocket?: boolean;
}

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

interface Mail {
  readonly id: string;
  readonly packed: string;
  readonly next: string;
  readonly thid: string;
}
interface Account {
  readonly did: Did;
  readonly aliases: Set<string>;
  mail: Mail[];
  /** Kept after they are fetched: a twin is known by its hash. */
  readonly hashes: Set<string>;
  socket?: WebSocket;
  me: Peer;
  unproved: boolean;
}
interface Reply {
  readonly type: string;
  readonly body: unknown;
  readonly attachments?: readonly object[];
  /** Of a report. */
  readonly report?: true;
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
  const accounts = new Map<string, Account>();
  const seen = new Set<string>();
  const asked: Asked[] = [];
  const peers: Peer[] = [];
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
  const ws = quirks.noSocket ? [] : [{ uri: `ws://127.0.0.1:${port}/ws` }];
  const newMe = async (services: { uri: string }[]): Promise<Peer> => {
    const peer = await newPeer(services.map(({ uri }) => ({ uri, accept: ['didcomm/v2'] })));
    peers.push(peer);
    return peer;
  };
  const me = await newMe([{ uri: url }, ...ws]);

  const open = (packed: string) =>
    openEnvelope(packed, {
      engine: nativeEngine,
      secrets: jointSecrets(...peers),
      resolve: resolveDid,
      now: Date.now(),
      asMediator: true,
    });

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
    const opened = await open(packed);
    if (opened.kind !== 'ok')
      return signedReport('e.p.msg', { pthid: '?' }, 'it does not open', []);
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
    const reply = again ? undefined : answerTo(message, sender, socket);
    if (typeof quirks.unknown === 'number' && reply === 'unknown')
      return { status: quirks.unknown, type: 'text/plain', body: 'Unsupported message type' };
    if (quirks.strictReturnRoute && message.return_route !== 'all') return undefined;
    if (again) return dejavu(message);
    const said = await reply;
    return said === undefined || said === 'unknown' ? undefined : sealTo(sender, said, message);
  }

  const dejavu = (message: Message) =>
    signedReport('e.p.crypto.message.dejavu', { pthid: message.id }, 'seen before', []);

  async function forward(message: Message): Promise<string | undefined> {
    const next = String(message.body['next']);
    const inside = forwardedEnvelopes(message.attachments);
    const [packed] = inside.kind === 'ok' ? inside.envelopes : [];
    const account = [...accounts.values()].find(({ aliases }) => aliases.has(next));
    const refuse = () =>
      signedReport('e.p.req.not_enroll', { pthid: message.id }, "The DID '{1}' is not enroled.", [
        next,
      ]);
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
      attachments: [attachmentOf(mail)],
    };
    sendOn(socket, await seal(account.me, to, plaintext));
  }

  const attachmentOf = ({ id, packed }: Mail): object => {
    switch (quirks.attachment) {
      case 'base64':
        return { id, data: { base64: Buffer.from(packed).toString('base64url') } };
      case 'base64-padded':
        return {
          id,
          lastmod_time: new Date().toISOString(),
          data: { base64: Buffer.from(packed).toString('base64') },
        };
      case 'json':
        return { id, data: { json: JSON.parse(packed) as unknown } };
      case 'json-text':
        return { id, data: { json: packed } };
    }
  };

  type Answered = Reply | undefined | 'unknown' | Promise<Reply | undefined>;

  function answerTo(message: Message, sender: Did, socket: WebSocket | undefined): Answered {
    const { type, body } = message;
    const cm = `${CM}/${quirks.mediation}`;
    const names =
      quirks.mediation === '2.0'
        ? { update: 'keylist-update', updated: 'keylist-update-response' }
        : { update: 'recipient-update', updated: 'recipient-update-response' };
    const account = accounts.get(sender);
    if (type === `${cm}/mediate-request`) return grant(sender, cm);
    if (type.startsWith('https://didcomm.org/discover-features/2.0/') && quirks.matches)
      return disclose(body, quirks.matches);
    const isVerb = type === `${cm}/${names.update}` || type.startsWith(`${PICKUP}/`);
    if (!isVerb) return quirks.unknown === 'report' ? problem('e.p.msg.unsupported') : 'unknown';
    if (!account) return quirks.stranger === 'report' ? problem('e.p.req.not_enroll') : undefined;
    if (type === `${cm}/${names.update}`) {
      const updates = body['updates'] as { recipient_did: string; action: 'add' | 'remove' }[];
      const results = updates.map(({ recipient_did, action }) => {
        const had = account.aliases.has(recipient_did);
        if (action === 'add') account.aliases.add(recipient_did);
        else account.aliases.delete(recipient_did);
        const result = had === (action === 'add') ? 'no_change' : 'success';
        return { recipient_did, action, result };
      });
      return { type: `${cm}/${names.updated}`, body: { [quirks.updatedAs ?? 'updated']: results } };
    }
    return pickup(type.slice(PICKUP.length + 1), body, account, socket);
  }

  function pickup(
    verb: string,
    body: Message['body'],
    account: Account,
    socket: WebSocket | undefined,
  ): Reply | undefined {
    const status = (): Reply => ({
      type: `${PICKUP}/status`,
      body: { message_count: account.mail.length, live_delivery: account.socket !== undefined },
    });
    switch (verb) {
      case 'delivery-request': {
        const limit = quirks.honoursLimit ? Number(body['limit']) : Infinity;
        const page = account.mail.slice(0, Math.min(limit, quirks.maxPage ?? Infinity));
        if (page.length === 0) return status();
        if (quirks.deletesOnDelivery) account.mail = account.mail.slice(page.length);
        return { type: `${PICKUP}/delivery`, body: {}, attachments: page.map(attachmentOf) };
      }
      case 'messages-received': {
        const all = body['message_id_list'] as string[];
        const ids = quirks.singleAck ? all.slice(0, 1) : all;
        account.mail = account.mail.filter(({ id }) => !ids.includes(id));
        return quirks.ackReply === 'status' ? status() : undefined;
      }
      case 'live-delivery-change':
        if (typeof quirks.live === 'object' || !socket)
          return problem(
            typeof quirks.live === 'object' ? quirks.live.refusal : 'e.m.live-mode-not-supported',
          );
        account.socket = socket;
        return status();
      default:
        return status();
    }
  }

  async function grant(sender: Did, cm: string): Promise<Reply> {
    if (accounts.has(sender) && quirks.deniesRepeats)
      return { type: `${cm}/mediate-deny`, body: quirks.denyBody === null ? null : {} };
    const clientsMe = quirks.rotates ? await newMe([{ uri: url }]) : me;
    const account = accounts.get(sender) ?? {
      did: sender,
      aliases: new Set<string>(),
      mail: [],
      hashes: new Set<string>(),
      me: clientsMe,
      unproved: clientsMe !== me,
    };
    accounts.set(sender, account);
    const routing = quirks.ownRoutingDid ? (await newMe([{ uri: url }])).did : me.did;
    return {
      type: `${cm}/mediate-grant`,
      body: { routing_did: quirks.grant === 'array' ? [routing] : routing },
    };
  }

  function disclose(body: Message['body'], matches: NonNullable<Quirks['matches']>): Reply {
    const known = [`${CM}/${quirks.mediation}`, PICKUP, 'https://didcomm.org/routing/2.0'];
    const queries = body['queries'] as { match: string }[];
    const found = known.filter((id) => queries.some(({ match }) => matches(match, id)));
    return {
      type: 'https://didcomm.org/discover-features/2.0/disclose',
      body: { disclosures: found.map((id) => ({ 'feature-type': 'protocol', id })) },
    };
  }

  const problem = (code: string): Reply => ({
    type: REPORT,
    body: { code, comment: code, args: [] },
    report: true,
  });

  async function sealTo(sender: Did, reply: Reply, { id }: Message): Promise<string> {
    const account = accounts.get(sender);
    const from = account?.me ?? me;
    const ownId = `${quirks.idPrefix ?? ''}${randomUUID()}`;
    const prior =
      account?.unproved === true
        ? {
            from_prior: await signFromPrior({
              iss: me.did,
              sub: from.did,
              iatSeconds: Math.floor(Date.now() / 1000),
              signer: me.signing,
            }),
          }
        : {};
    if (account) account.unproved = false;
    const named = quirks.bare === 'nameless' ? {} : { from: from.did, to: [sender] };
    const threads = {
      nameless: {},
      'no-thid': {},
      'own-thid': { thid: ownId },
      usual: reply.report ? { pthid: id } : { thid: id },
    }[quirks.bare ?? 'usual'];
    const { type, body, attachments } = reply;
    return seal(from, sender, {
      id: ownId,
      type,
      ...named,
      ...threads,
      ...prior,
      body,
      ...(attachments ? { attachments } : {}),
    });
  }

  const signedReport = (
    code: string,
    threads: { pthid: string },
    comment: string,
    args: readonly string[],
  ): Promise<string> => {
    const plaintext = {
      id: randomUUID(),
      type: REPORT,
      from: me.did,
      ...threads,
      body: { code, comment, args },
    };
    return nativeEngine.sign(new TextEncoder().encode(JSON.stringify(plaintext)), me.signing);
  };

  const invitation = JSON.stringify({
    type: 'https://didcomm.org/out-of-band/2.0/invitation',
    id: randomUUID(),
    typ: 'application/didcomm-plain+json',
    from: me.did,
    body: { goal_code: 'request-mediate', goal: 'RequestMediate', accept: ['didcomm/v2'] },
  });
  return {
    url,
    did: me.did,
    invitation,
    link: `${url}?_oob=${Buffer.from(invitation).toString('base64url')}`,
    asked,
    get waiting() {
      return [...accounts.values()].reduce((sum, { mail }) => sum + mail.length, 0);
    },
    registeredDids: () => [...accounts.values()].flatMap(({ aliases }) => [...aliases]),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function seal(from: Peer, to: Did, plaintext: Record<string, unknown>): Promise<string> {
  const packed = await packAuthcrypt(nativeEngine, {
    plaintext,
    sender: from.agreement,
    recipient: await documentOf(to),
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return packed.packed;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
