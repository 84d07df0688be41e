import { randomUUID } from 'node:crypto';
import type { IMessage, UnpackMetadata } from 'didcomm-node';
import { keyring, type Draft } from './didcomm.ts';
import { post } from './over-http.ts';
import { documentOf, newDid } from './peer2.ts';

// A wallet of another make, on didcomm-node: it has one contact, no screen, and asks for its mail.

export interface ForeignWallet {
  /**
   * Asks for mediation.
   * @param invitation the mediator's, as JSON or as a link
   */
  join(invitation: string, version: '2.0' | '3.0'): Promise<void>;
  /** A link for its one contact to scan. */
  invite(label: string): Promise<string>;
  /** Answers somebody's link with its name. */
  accept(link: string, name: string): Promise<void>;
  /** @returns the id of the message */
  send(message: Draft): Promise<string>;
  /** Moves to a new DID; the next messages carry the proof. */
  rotate(): Promise<void>;
  /** Lets the mediator keep mail for its address, or no longer. */
  setReachable(reachable: boolean): Promise<void>;
  /** Everything its contact wrote so far, after fetching what is new. */
  received(): Promise<readonly IMessage[]>;
  /** DIDs that the contact had, oldest first; more than one after it moved. */
  readonly contactDids: readonly string[];
  /** The contact knows the DID that `rotate` led to. */
  readonly moveSeen: boolean;
}

interface Invitation {
  readonly id: string;
  readonly from: string;
}
interface Mediator {
  readonly did: string;
  readonly routingDid: string;
  readonly version: '2.0' | '3.0';
}

const PICKUP = 'https://didcomm.org/messagepickup/3.0';

export function foreignWallet(): ForeignWallet {
  const keys = keyring();
  const account = newDid('didcomm:transport/queue');
  keys.add(account);
  const inbox: IMessage[] = [];
  const contactDids: string[] = [];
  let mediator: Mediator | undefined;
  let myDid = '';
  let fromPrior: string | undefined;
  let invitationId: string | undefined;

  /** One request to the mediator and the reply in the same exchange. */
  const ask = async (mediatorDid: string, draft: Draft): Promise<IMessage> => {
    const request = { return_route: 'all', ...draft };
    const { id, envelope } = await keys.pack(request, account.did, mediatorDid, false);
    const { message, metadata } = await keys.unpack(await post(urlOf(mediatorDid), envelope));
    expectSender(metadata, mediatorDid);
    if (message.thid !== id) throw new Error(`a reply on the thread ${String(message.thid)}`);
    return message;
  };

  const register = async (did: string, action: 'add' | 'remove'): Promise<void> => {
    if (!mediator) throw new Error('no mediator yet');
    const name = mediator.version === '2.0' ? 'keylist-update' : 'recipient-update';
    const reply = await ask(mediator.did, {
      type: `https://didcomm.org/coordinate-mediation/${mediator.version}/${name}`,
      body: { updates: [{ recipient_did: did, action }] },
    });
    const [updated] = (reply.body as { updated: { result: string }[] }).updated;
    if (updated?.result !== 'success') throw new Error(`${action}: ${JSON.stringify(reply)}`);
  };

  const newAddress = async (): Promise<string> => {
    if (!mediator) throw new Error('no mediator yet');
    const own = newDid(mediator.routingDid);
    keys.add(own);
    await register(own.did, 'add');
    return own.did;
  };

  const send: ForeignWallet['send'] = async (draft) => {
    const to = contactDids.at(-1);
    if (to === undefined) throw new Error('no contact yet');
    const message = {
      ...(invitationId === undefined ? {} : { pthid: invitationId }),
      ...(fromPrior === undefined ? {} : { from_prior: fromPrior }),
      ...draft,
    };
    const { id, envelope, endpoint } = await keys.pack(message, myDid, to, true);
    if (endpoint === undefined) throw new Error('the contact has no mediator');
    await post(endpoint.startsWith('did:') ? urlOf(endpoint) : endpoint, envelope);
    return id;
  };

  /** Takes a message of the contact; follows it to a new DID only with the proof of the old one. */
  const take = ({ message, metadata }: { message: IMessage; metadata: UnpackMetadata }): void => {
    const from = message.from ?? '';
    expectSender(metadata, from);
    const moved = metadata.from_prior as { iss: string; sub: string } | undefined;
    const proved = moved?.iss === contactDids.at(-1) && moved?.sub === from;
    if (contactDids.length === 0 || (proved && !contactDids.includes(from))) contactDids.push(from);
    if (from !== contactDids.at(-1)) throw new Error('a message from a stranger');
    if (metadata.encrypted_to_kids?.[0]?.startsWith(`${myDid}#`) === true) fromPrior = undefined;
    invitationId = undefined;
    inbox.push(message);
  };

  return {
    join: async (text, version) => {
      const { from } = readInvitation(text);
      const grant = await ask(from, {
        type: `https://didcomm.org/coordinate-mediation/${version}/mediate-request`,
      });
      const [routingDid] = [(grant.body as { routing_did: string | string[] }).routing_did].flat();
      if (routingDid === undefined) throw new Error(`no grant: ${JSON.stringify(grant)}`);
      mediator = { did: from, routingDid, version };
    },
    invite: async (label) => {
      myDid = await newAddress();
      const invitation = {
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        id: randomUUID(),
        from: myDid,
        body: { label, goal: 'To talk', accept: ['didcomm/v2'] },
      };
      const encoded = Buffer.from(JSON.stringify(invitation)).toString('base64url');
      return `https://other-wallet.example/connect?_oob=${encoded}`;
    },
    accept: async (link, name) => {
      const { id, from } = readInvitation(link);
      contactDids.push(from);
      invitationId = id;
      myDid = await newAddress();
      await send({
        type: 'https://didcomm.org/user-profile/1.0/profile',
        body: { profile: { displayName: name }, send_back_yours: true },
      });
    },
    send,
    rotate: async () => {
      const next = await newAddress();
      fromPrior = await keys.rotation(myDid, next);
      myDid = next;
    },
    setReachable: (reachable) => register(myDid, reachable ? 'add' : 'remove'),
    received: async () => {
      if (!mediator) throw new Error('no mediator yet');
      const delivery = await ask(mediator.did, {
        type: `${PICKUP}/delivery-request`,
        body: { limit: 10 },
      });
      const attachments = delivery.attachments ?? [];
      for (const { data } of attachments) take(await keys.unpack(envelopeIn(data)));
      if (attachments.length > 0)
        await ask(mediator.did, {
          type: `${PICKUP}/messages-received`,
          body: { message_id_list: attachments.map(({ id }) => id) },
        });
      return inbox;
    },
    contactDids,
    get moveSeen() {
      return fromPrior === undefined;
    },
  };
}

function readInvitation(text: string): Invitation {
  if (text.startsWith('{')) return JSON.parse(text) as Invitation;
  const encoded = new URL(text).searchParams.get('_oob') ?? '';
  return JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Invitation;
}

function envelopeIn(data: object): string {
  if ('base64' in data) return Buffer.from(String(data.base64), 'base64url').toString();
  return JSON.stringify('json' in data ? data.json : undefined);
}

/** The sender that the encryption proved. */
function expectSender(metadata: UnpackMetadata, did: string): void {
  if (!metadata.authenticated || metadata.encrypted_from_kid?.startsWith(`${did}#`) !== true)
    throw new Error(`not proved to be from ${did}`);
}

/** The first HTTP address of a DID. */
function urlOf(did: string): string {
  const endpoints = documentOf(did)?.service.map(
    ({ serviceEndpoint }) => (serviceEndpoint as { uri: string }).uri,
  );
  const url = endpoints?.find((uri) => uri.startsWith('http'));
  if (url === undefined) throw new Error(`${did} has no HTTP address`);
  return url;
}
