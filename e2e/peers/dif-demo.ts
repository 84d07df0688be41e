import { randomUUID } from 'node:crypto';
import type { IMessage } from 'didcomm-node';
import { WebSocket } from 'ws';
import { keyring, type Draft } from './didcomm.ts';
import { post } from './over-http.ts';
import { documentOf } from './peer2.ts';
import { documentOfPeer4, newPeer4 } from './peer4.ts';

// The DIF demo client, frame by frame as its worker sends them, on didcomm-node (it uses the same library as
// wasm). A test peer, never compared with the running page. Read in decentralized-identity/didcomm-demo @
// afc6f27:
// - no `return_route`, `created_time` in milliseconds, `body || {}`: src/lib/didcomm.ts prepareMessage
// - services must `accept` didcomm/v2, first `http…` and first `ws…`: src/lib/didcomm.ts httpEndpoint, wsEndpoint
// - every request wants its reply in the HTTP answer, `messages-received` too, as `status`;
//   `atob` on attachments; acknowledges while it still opens: src/lib/worker.ts handleMessage
// - the frames of its socket must be binary, `event.data.text()`: src/lib/worker.ts connect
// - one did:peer:4 for everybody, long in every `from`; service parts with `-` or `_` fail: src/lib/peer2.ts, peer4
// - asks who writes first for a name, answers `request-profile`: src/pages/profile/messaging.ts

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PROFILE = 'https://didcomm.org/user-profile/1.0';
const TEXT = 'https://didcomm.org/basicmessage/2.0/message';

interface Invitation {
  readonly id: string;
  readonly from: string;
}

export interface DifDemo {
  /** Its one address, for everybody. */
  readonly did: string;
  /** A link that leads to its address. */
  invite(): string;
  /** Answers a link with its name. */
  accept(link: string): Promise<void>;
  send(content: string): Promise<void>;
  /** Moves to a new address; the next message carries the proof. */
  rotate(): Promise<void>;
  /** What its "refresh" does: asks how much there is, and fetches it. */
  refresh(): Promise<void>;
  /** `name: text`, oldest first. */
  readonly history: readonly string[];
  readonly contactDid: string | undefined;
  /** Frames of the socket that its handler threw at, because they were text. */
  readonly lostFrames: number;
  close(): void;
}

export async function startDifDemo(mediatorDid: string, label: string): Promise<DifDemo> {
  const keys = keyring();
  const history: string[] = [];
  let contact: { did: string; label: string | undefined } | undefined;
  let pthid: string | undefined;
  let fromPrior: string | undefined;
  let lostFrames = 0;

  const account = newPeer4('didcomm:transport/queue');
  keys.add(account);

  const prepare = async (to: string, from: string, draft: Draft, forward: boolean) => {
    const { envelope } = await keys.pack({ created_time: Date.now(), ...draft }, from, to, forward);
    return envelope;
  };

  const expectReply = async (draft: Draft): Promise<IMessage> => {
    const packed = await prepare(mediatorDid, account.did, draft, false);
    const answer = await post(httpEndpoint(mediatorDid), packed);
    // An empty answer fails here, as it does there.
    return (await keys.unpack(answer)).message;
  };

  const handle = async (message: IMessage): Promise<void> => {
    const body = message.body as Record<string, unknown>;
    switch (message.type) {
      case `${PICKUP}/status`:
        if (Number(body['message_count']) > 0) {
          const request = { type: `${PICKUP}/delivery-request`, return_route: 'all' };
          const limit = { limit: body['message_count'] };
          const delivery = await expectReply({ ...request, body: limit });
          if (delivery.type !== `${PICKUP}/delivery`)
            throw new Error(`Unexpected reply: ${delivery.type}`);
          await handle(delivery);
        }
        return;
      case `${PICKUP}/delivery`: {
        const opening = (message.attachments ?? []).map(async ({ id, data }) => {
          if (!('base64' in data)) throw new Error('Unhandled attachment');
          await handlePacked(atob(data.base64));
          return id;
        });
        const status = await expectReply({
          type: `${PICKUP}/messages-received`,
          return_route: 'all',
          body: { message_id_list: (message.attachments ?? []).map(({ id }) => id) },
        });
        if (status.type !== `${PICKUP}/status`) throw new Error(`Unexpected: ${status.type}`);
        await Promise.all(opening);
        return handle(status);
      }
      case TEXT: {
        if (!contact) {
          contact = { did: message.from ?? '', label: undefined };
          await sendTo({ type: `${PROFILE}/request-profile`, body: { query: ['displayName'] } });
        }
        history.push(`${contact.label ?? contact.did}: ${String(body['content'])}`);
        return;
      }
      case `${PROFILE}/profile`: {
        const profile = body['profile'] as { displayName?: string } | undefined;
        if (contact && profile?.displayName !== undefined) contact.label = profile.displayName;
        return;
      }
      case `${PROFILE}/request-profile`:
        return sendProfile();
      default: // "Unhandled message"
    }
  };

  const handlePacked = async (packed: string): Promise<void> => {
    const { message, metadata } = await keys.unpack(packed);
    const moved = metadata.from_prior as { iss: string; sub?: string } | undefined;
    if (contact && moved?.iss === contact.did && moved.sub !== undefined) contact.did = moved.sub;
    await handle(message);
  };

  const sendTo = async (draft: Draft): Promise<void> => {
    if (!contact) throw new Error('no contact yet');
    const headers = {
      ...(pthid === undefined ? {} : { pthid }),
      ...(fromPrior === undefined ? {} : { from_prior: fromPrior }),
    };
    const packed = await prepare(contact.did, address.did, { ...draft, ...headers }, true);
    await post(httpEndpoint(contact.did), packed);
  };

  const sendProfile = (): Promise<void> =>
    sendTo({ type: `${PROFILE}/profile`, body: { profile: { displayName: label } } });

  // establishMediation
  const grant = await expectReply({ type: `${CM}/mediate-request` });
  if (grant.type !== `${CM}/mediate-grant`) throw new Error(`Unexpected reply: ${grant.type}`);
  const routingDid = (grant.body as { routing_did: string[] }).routing_did[0] ?? '';
  const newAddress = async () => {
    const own = newPeer4(routingDid);
    keys.add(own);
    const updates = [{ recipient_did: own.did, action: 'add' }];
    const reply = await expectReply({ type: `${CM}/recipient-update`, body: { updates } });
    const [updated] = (reply.body as { updated: Record<string, string>[] }).updated;
    if (updated?.['recipient_did'] !== own.did || updated['result'] !== 'success')
      throw new Error(`Unexpected ${JSON.stringify(updated)}`);
    return own;
  };
  let address = await newAddress();

  // connect
  const socket = new WebSocket(endpoint(mediatorDid, 'ws'));
  const live = { type: `${PICKUP}/live-delivery-change`, body: { live_delivery: true } };
  const packedLive = await prepare(mediatorDid, account.did, live, false);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const told = new Promise((resolve) => socket.once('message', resolve));
  socket.on('message', (data: Buffer, binary: boolean) => {
    if (binary) void handlePacked(data.toString());
    else lostFrames += 1; // a string has no `text()`
  });
  socket.send(packedLive);
  await told;

  return {
    get did() {
      return address.did;
    },
    history,
    get contactDid() {
      return contact?.did;
    },
    get lostFrames() {
      return lostFrames;
    },
    invite: () => {
      const invitation = {
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        id: randomUUID(),
        from: address.did,
        body: { goal_code: 'connect', goal: label, accept: ['didcomm/v2'] },
      };
      const encoded = Buffer.from(JSON.stringify(invitation)).toString('base64url');
      return `https://demo.didcomm.org/?_oob=${encoded}`;
    },
    accept: async (link) => {
      const encoded = new URL(link).searchParams.get('_oob') ?? '';
      const { id, from } = JSON.parse(atob(encoded)) as Invitation;
      contact = { did: from, label: undefined };
      pthid = id;
      await sendProfile();
      await sendTo({ type: `${PROFILE}/request-profile`, body: { query: ['displayName'] } });
    },
    send: async (content) => {
      await sendTo({ type: TEXT, lang: 'en', body: { content } });
      history.push(`${label}: ${content}`);
    },
    rotate: async () => {
      const next = await newAddress();
      fromPrior = await keys.rotation(address.did, next.did);
      address = next;
    },
    refresh: async () => handle(await expectReply({ type: `${PICKUP}/status-request` })),
    close: () => socket.close(),
  };
}

/** The first service of this scheme; through another DID, that DID's. */
function endpoint(did: string, scheme: 'http' | 'ws'): string {
  const services = (documentOf(did) ?? documentOfPeer4(did))?.service ?? [];
  const endpoints = services.map(
    ({ serviceEndpoint }) => serviceEndpoint as { uri: string; accept: string[] },
  );
  const accepted = endpoints.filter(({ accept }) => accept.includes('didcomm/v2'));
  const found = accepted.find(({ uri }) => uri.startsWith(scheme) || uri.startsWith('did:'));
  if (!found) throw new Error(`no ${scheme} service`);
  return found.uri.startsWith('did:') ? endpoint(found.uri, scheme) : found.uri;
}

/** Its own decoder of did:peer:2 knows only the standard alphabet. */
function httpEndpoint(did: string): string {
  if (/\.S[^.]*[-_]/.test(did)) throw new Error('Invalid character in a service');
  return endpoint(did, 'http');
}
