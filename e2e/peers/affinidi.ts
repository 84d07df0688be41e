import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toBase64Url } from '../../src/lib/base64url.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { newPeer } from '../../src/testing/peer.ts';

// Affinidi's mediator, affinidi/affinidi-tdk-rs, as somebody without an account there meets it: the address in its DID
// answers nothing, for mail goes to `<address>/inbound`, and what comes there without a token is turned away.
// crates/messaging/affinidi-messaging-mediator/src/common/jwt_auth.rs @ 454b4c1a: 401 without a bearer token;
// server.rs @ d0253ba3: the path. The two services are those that its set-up writes into a did:peer:2. Was never
// compared with a running mediator.

export interface AffinidiPeer {
  readonly did: string;
  readonly invitation: string;
  /** What was asked of it, as `POST /path`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const service = (content: object): string => `.S${toBase64Url(utf8(JSON.stringify(content)))}`;

export async function startAffinidi(): Promise<AffinidiPeer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const isInbound = request.url === '/mediator/v1/inbound';
    const status = isInbound ? 401 : 404;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      isInbound ? JSON.stringify({ httpCode: 401, message: 'Missing credentials' }) : '',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}/mediator/v1`;
  const endpoint = (uri: string) => ({ uri, accept: ['didcomm/v2'], routingKeys: [] });
  const { did: keys } = await newPeer();
  const didcomm = [endpoint(base), endpoint(`${base.replace('http', 'ws')}/ws`)];
  const did =
    keys +
    service({ t: 'dm', s: didcomm }) +
    service({ id: '#auth', t: 'Authentication', s: `${base}/authenticate` });
  return {
    did,
    invitation: JSON.stringify({
      type: 'https://didcomm.org/out-of-band/2.0/invitation',
      id: 'affinidi',
      from: did,
      body: { goal_code: 'request-mediate', label: 'Affinidi', accept: ['didcomm/v2'] },
    }),
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
