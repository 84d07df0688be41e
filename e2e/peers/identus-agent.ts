import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IMessage } from 'didcomm-node';
import { keyring, type Draft } from './didcomm.ts';
import { documentOf, newDid } from './peer2.ts';

// An Identus cloud agent as far as it makes connections, on didcomm-node. It is a test peer, and never was
// compared with a running agent. Read in hyperledger-identus/cloud-agent @ df5d48d3:
// - content type compared whole, one recipient taken from the first kid, everything but its own protocols
//   refused: cloud-agent/service/server/.../didcomm/controller/DIDCommControllerImpl.scala; the status codes are
//   those of DIDCommControllerError.scala beside it and of connect/core/.../ConnectionServiceError.scala
// - record found by `thid ?? id`, one request per invitation, accepted at once, 300 s of life:
//   connect/core/.../service/ConnectionServiceImpl.scala
// - `to` of exactly one, response with the request's thread: mercury/protocol-connection/.../ConnectionRequest.scala,
//   ConnectionResponse.scala
// - first service only, http or a DID, no routing keys, anonymous forward with `data.json`:
//   mercury/agent-didcommx/.../MessagingService.scala
// - invitation: `accept: []`, goals only when asked for, java's padded URL encoder, meaningless host:
//   mercury/protocol-invitation/.../v2/Invitation.scala, OutOfBand.scala

const MERCURY = 'https://atalaprism.io/mercury/connections/1.0';
const CONTENT_TYPE = 'application/didcomm-encrypted+json';
/**
 * No CORS was found in the agent's server (http/ZHttp4sBlazeServer.scala): browsers reach it only through a
 * gateway that adds it, as this one does.
 */
const GATEWAY = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type',
};
const LIFETIME_SECONDS = 300;

export type ConnectionState =
  | 'InvitationGenerated'
  | 'InvitationExpired'
  | 'ConnectionResponseSent'
  | 'ConnectionRequestSent'
  | 'ConnectionResponseReceived';

interface Connection {
  readonly thid: string;
  readonly myDid: string;
  readonly expiresAtSeconds: number;
  state: ConnectionState;
  theirDid?: string;
}

interface Invitation {
  readonly id: string;
  readonly from: string;
  readonly body?: Record<string, unknown>;
}

export interface IdentusAgent {
  readonly url: string;
  /** `POST /connections`. @returns `invitationUrl` */
  createConnection(goals?: { goalCode?: string; goal?: string }): string;
  /** `POST /connection-invitations`, which takes the encoded part alone. */
  acceptInvitation(encoded: string): Promise<void>;
  readonly connections: readonly Readonly<Connection>[];
  /** What it would not handle, oldest first, with its reason. */
  readonly refused: readonly string[];
  /** Every message that it could open, oldest first. */
  readonly received: readonly IMessage[];
  /** Lets its clock run ahead. */
  passSeconds(seconds: number): void;
  close(): Promise<void>;
}

export async function startIdentusAgent(): Promise<IdentusAgent> {
  const keys = keyring();
  const connections: Connection[] = [];
  const refused: string[] = [];
  const received: IMessage[] = [];
  let ahead = 0;
  const now = (): number => Math.floor(Date.now() / 1000) + ahead;

  const newConnection = (thid: string, state: ConnectionState): Connection => {
    const own = newDid(`${url}/didcomm`, ['E', 'V']);
    keys.add(own);
    const expiresAtSeconds = now() + LIFETIME_SECONDS;
    const connection: Connection = { thid, myDid: own.did, expiresAtSeconds, state };
    connections.push(connection);
    return connection;
  };

  /** The first service of the receiver, and nothing else. */
  const send = async (draft: Draft, from: string, to: string): Promise<void> => {
    const { envelope } = await keys.pack(draft, from, to, false);
    const { uri, routingKeys } = firstService(to);
    if (uri.startsWith('did:')) {
      const forward = await keys.pack(
        {
          type: 'https://didcomm.org/routing/2.0/forward',
          body: { next: to },
          attachments: [{ id: randomUUID(), data: { json: JSON.parse(envelope) as unknown } }],
        },
        null,
        uri,
        false,
      );
      return post(firstService(uri).uri, forward.envelope);
    }
    if (routingKeys.length > 0) throw new Error('routingKeys is not supported at the moment');
    if (!uri.startsWith('http')) throw new Error(`Unexpected ServiceEndpoint ${uri}`);
    return post(uri, envelope);
  };

  /** Whatever the answer is, it is only logged. */
  const post = async (address: string, envelope: string): Promise<void> => {
    const headers = { 'content-type': CONTENT_TYPE };
    const answer = await fetch(address, { method: 'POST', headers, body: envelope });
    await answer.text();
    if (answer.status >= 300) refused.push(`sent, answered by ${answer.status}`);
  };

  const receive = async (packed: string): Promise<void> => {
    const kid = (JSON.parse(packed) as { recipients: { header: { kid: string } }[] }).recipients[0];
    const recipient = kid?.header.kid.split('#')[0];
    if (!connections.some(({ myDid }) => myDid === recipient))
      throw new Failure(422, 'PeerDIDNotFoundError');
    const { message } = await keys.unpack(packed);
    received.push(message);
    switch (message.type) {
      case `${MERCURY}/request`:
        return receiveRequest(message);
      case `${MERCURY}/response`:
        return receiveResponse(message);
      default:
        throw new Failure(422, `UnsupportedPIURI ${message.type}`);
    }
  };

  const receiveRequest = async (request: IMessage): Promise<void> => {
    if (request.to?.length !== 1) throw new Failure(400, 'exactly one `to`');
    const thid = request.thid ?? request.id;
    const record = connections.find((connection) => connection.thid === thid);
    if (!record) throw new Failure(404, `ThreadIdNotFound ${thid}`);
    if (record.state !== 'InvitationGenerated')
      throw new Failure(400, `InvalidStateForOperation ${record.state}`);
    if (record.expiresAtSeconds <= now()) {
      record.state = 'InvitationExpired';
      throw new Failure(400, 'InvitationExpired');
    }
    const [myDid] = request.to;
    record.theirDid = request.from ?? '';
    const response = {
      type: `${MERCURY}/response`,
      thid,
      ...(request.pthid === undefined ? {} : { pthid: request.pthid }),
      body: request.body as Record<string, unknown>,
    };
    await send(response, myDid ?? '', record.theirDid);
    record.state = 'ConnectionResponseSent';
  };

  const receiveResponse = async ({ thid, from }: IMessage): Promise<void> => {
    const record = connections.find((connection) => connection.thid === thid);
    if (!record) throw new Failure(404, `ThreadIdNotFound ${String(thid)}`);
    if (record.state !== 'ConnectionRequestSent')
      throw new Failure(400, `InvalidStateForOperation ${record.state}`);
    record.state = 'ConnectionResponseReceived';
    record.theirDid = from ?? '';
  };

  const server = createServer((request, response) => {
    void handle(request).then((status) => response.writeHead(status, GATEWAY).end());
  });
  const handle = async (request: IncomingMessage): Promise<number> => {
    if (request.method === 'OPTIONS') return 204;
    if (request.method !== 'POST' || request.url !== '/didcomm') return 404;
    const type = request.headers['content-type'];
    if (type !== CONTENT_TYPE) {
      refused.push(`InvalidContentType ${String(type)}`);
      return 400;
    }
    try {
      await receive(await textOf(request));
      return 202;
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error));
      return error instanceof Failure ? error.status : 500;
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;

  return {
    url,
    connections,
    refused,
    received,
    createConnection: ({ goalCode, goal } = {}) => {
      const { thid, myDid, expiresAtSeconds } = newConnection(randomUUID(), 'InvitationGenerated');
      const invitation = {
        id: thid,
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        from: myDid,
        body: {
          ...(goalCode === undefined ? {} : { goal_code: goalCode }),
          ...(goal === undefined ? {} : { goal }),
          accept: [],
        },
        created_time: now(),
        expires_time: expiresAtSeconds,
      };
      return `https://my.domain.com/path?_oob=${paddedBase64Url(JSON.stringify(invitation))}`;
    },
    acceptInvitation: async (encoded) => {
      const text = Buffer.from(encoded, 'base64url').toString();
      const { id, from, body = {} } = JSON.parse(text) as Invitation;
      const connection = newConnection(id, 'ConnectionRequestSent');
      connection.theirDid = from;
      const { goal_code, goal, accept } = body;
      const request = { thid: id, pthid: id, body: { goal_code, goal, accept } };
      await send({ type: `${MERCURY}/request`, ...request }, connection.myDid, from);
    },
    passSeconds: (seconds) => {
      ahead += seconds;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

class Failure extends Error {
  readonly status: number;
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

function firstService(did: string): { readonly uri: string; readonly routingKeys: string[] } {
  const service = documentOf(did)?.service[0]?.serviceEndpoint as
    { uri: string; routingKeys?: string[] } | undefined;
  if (!service) throw new Error('To send a Message you need a destination');
  return { uri: service.uri, routingKeys: service.routingKeys ?? [] };
}

/** java.util.Base64.getUrlEncoder keeps the padding. */
const paddedBase64Url = (text: string): string =>
  Buffer.from(text).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
