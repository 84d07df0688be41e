import { randomUUID } from 'node:crypto';
import { base64 } from '@scure/base';
import type { IMessage } from 'didcomm-node';
import { keyring, type Draft } from './didcomm.ts';
import { firstService, httpOf, post } from './over-http.ts';
import { newDid } from './peer2.ts';

// A wallet on the Identus SDK, as far as it connects and chats, on didcomm-node (it uses the same library as
// wasm). `npm run interop` runs the published SDK itself; this stands in for it where 90 MB are too much. Read in
// hyperledger-identus/sdk-ts @ f334d69f:
// - `_oob` from the query alone, standard alphabet, `accept` of texts that are not empty:
//   src/edge-agent/didcomm/ParseOOBInvitation.ts, plugins/internal/didcomm/protocols/invitation/OutOfBandInvitation.ts
// - the request has a `thid` and no `pthid`, and counts as accepted once it is sent:
//   plugins/internal/oea/protocols/HandshakeRequest.ts
// - forwards are authcrypt, the sender's DID in `from`: src/mercury/Mercury.ts prepareForwardMessage
// - return_route on four types alone: src/mercury/didcomm/Wrapper.ts doesRequireReturnRoute
// - `routing_did` a string, coordinate-mediation 2.0, polling with limit 10: plugins/internal/didcomm/connection
// - attachments without an id are dropped; one item that does not open blocks its whole delivery:
//   plugins/internal/didcomm/connection/PickupDelivery.ts

const CM = 'https://didcomm.org/coordinate-mediation/2.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const MERCURY = 'https://atalaprism.io/mercury/connections/1.0';
const RETURNS = [
  `${CM}/mediate-request`,
  `${PICKUP}/delivery-request`,
  `${PICKUP}/messages-received`,
  `${PICKUP}/live-delivery-change`,
];

interface Invitation {
  readonly id: string;
  readonly from: string;
  readonly body: { readonly goal_code?: string; readonly accept: readonly string[] };
}

export interface IdentusSdk {
  readonly did: string | undefined;
  /** Accepts a link: registers a DID and sends the request. */
  accept(link: string): Promise<void>;
  send(content: string): Promise<void>;
  /** One round of its polling. @returns what it stored */
  poll(): Promise<readonly IMessage[]>;
  /** JOSE headers of the forwards that it made. */
  readonly forwardAlgorithms: readonly string[];
}

/** @throws Error as the SDK does, for an invitation that it does not take */
export function parseAsSdk(link: string): Invitation {
  const encoded = new URL(link).searchParams.get('_oob');
  if (encoded === null) throw new Error('InvalidURLError');
  const padded = encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=');
  const invitation = JSON.parse(new TextDecoder().decode(base64.decode(padded))) as Invitation;
  const { accept } = invitation.body;
  if (!Array.isArray(accept) || !accept.every((one) => typeof one === 'string' && one !== ''))
    throw new Error('InvitationIsInvalidError');
  return invitation;
}

/** @param printed the mediator's own invitation */
export async function startIdentusSdk(printed: { readonly from: string }): Promise<IdentusSdk> {
  const keys = keyring();
  const mediatorDid = printed.from;
  const host = newDid(undefined, ['E', 'V']);
  keys.add(host);
  const forwardAlgorithms: string[] = [];
  let own: string | undefined;
  let peer = '';

  const tell = async (draft: Draft): Promise<string> => {
    const route = RETURNS.includes(draft.type) ? { return_route: 'all' } : {};
    const { envelope } = await keys.pack({ ...route, ...draft }, host.did, mediatorDid, false);
    return post(httpOf(mediatorDid), envelope);
  };
  const ask = async (draft: Draft): Promise<IMessage> =>
    (await keys.unpack(await tell(draft))).message;

  const grant = await ask({ type: `${CM}/mediate-request` });
  const routingDid: unknown = (grant.body as { routing_did: unknown }).routing_did;
  if (typeof routingDid !== 'string') throw new Error('NoMediatorAvailableError');

  const sendTo = async (draft: Draft): Promise<void> => {
    const { envelope } = await keys.pack(draft, own ?? '', peer, false);
    const mediator = firstService(peer);
    const attachment = {
      id: randomUUID(),
      media_type: 'application/json',
      data: { json: JSON.parse(envelope) as unknown },
    };
    const forward = await keys.pack(
      {
        type: 'https://didcomm.org/routing/2.0/forward',
        body: { next: peer },
        attachments: [attachment],
      },
      own ?? '',
      mediator,
      false,
    );
    const header = (JSON.parse(forward.envelope) as { protected: string }).protected;
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string };
    forwardAlgorithms.push(alg);
    await post(httpOf(mediator), forward.envelope);
  };

  return {
    get did() {
      return own;
    },
    forwardAlgorithms,
    accept: async (link) => {
      const { id, from, body } = parseAsSdk(link);
      const made = newDid(routingDid, ['E', 'V']);
      keys.add(made);
      // Asked without a return route, and the answer is taken from the exchange.
      await ask({
        type: `${CM}/keylist-update`,
        body: { updates: [{ recipient_did: made.did, action: 'add' }] },
      });
      own = made.did;
      peer = from;
      await sendTo({ type: `${MERCURY}/request`, thid: id, body });
    },
    send: (content) =>
      sendTo({ type: 'https://didcomm.org/basicmessage/2.0/message', body: { content } }),
    poll: async () => {
      const delivery = await ask({ type: `${PICKUP}/delivery-request`, body: { limit: 10 } });
      const items = (delivery.attachments ?? []).filter(({ id }) => id !== undefined);
      const opened = await Promise.all(items.map(({ data }) => keys.unpack(envelopeIn(data))));
      if (items.length > 0)
        await tell({
          type: `${PICKUP}/messages-received`,
          body: { message_id_list: items.map(({ id }) => id) },
        });
      return opened.map(({ message }) => message);
    },
  };
}

/** base64url or standard, as multiformats tells them apart. */
const envelopeIn = (data: object): string =>
  'base64' in data ? Buffer.from(String(data.base64), 'base64').toString() : JSON.stringify(data);
