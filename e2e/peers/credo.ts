import { randomUUID } from 'node:crypto';
import { base58 } from '@scure/base';
import type { DIDDoc, IMessage } from 'didcomm-node';
import { keyring, type Draft } from './didcomm.ts';
import { firstService, httpOf, post } from './over-http.ts';
import { documentOf } from './peer2.ts';
import { documentOfPeer4, newPeer4, type OwnPeer4 } from './peer4.ts';

// A Credo agent of the branch for DIDComm v2 (not merged), on didcomm-node. A test peer, never compared with a
// running one. Read in openwallet-foundation/credo-ts, branch feat/didcomm-v2 @ 03d457ea:
// - did:peer:4: long until the other side wrote, short afterwards:
//   packages/didcomm/src/getDidCommOutboundMessageContext.ts
// - `created_time` of basicmessage must be an integer; every message has a `thid`, its own id without a thread:
//   packages/didcomm/src/DidCommMessage.ts, packages/didcomm/src/modules/basic-messages
// - invitations may lack a body; the inviter moves before its first answer: packages/didcomm/src/modules/oob
// - forwards to and for did:key, or the short did:peer:4: packages/didcomm/src/DidCommEnvelopeService.ts
// - coordinate-mediation 2.0, `routing_did` as text; message-pickup 4.0: packages/didcomm/src/modules
// - a version 1 envelope when packing for version 2 fails: packages/didcomm/src/DidCommEnvelopeService.ts

const CM = 'https://didcomm.org/coordinate-mediation/2.0';
const PICKUP = 'https://didcomm.org/message-pickup/4.0';
const TEXT = 'https://didcomm.org/basicmessage/2.0/message';

export interface Credo {
  /** Its address, as its messages name it now. */
  readonly from: string;
  /** The address at full length. */
  readonly long: string;
  invite(): string;
  send(content: string, more?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Posts any envelope for its contact, by a forward as it makes them. */
  forward(packed: string): Promise<void>;
  /** What it sends when it cannot pack for version 2. */
  v1Envelope(): string;
  /** Fetches its mail. @returns the texts that it would show, and types that it refused */
  fetch(): Promise<readonly string[]>;
  readonly contactDid: string | undefined;
}

/** @param printed the mediator's own invitation */
export async function startCredo(printed: { readonly from: string }): Promise<Credo> {
  const own: OwnPeer4[] = [];
  const keys = keyring((did) => didKeyDocument(did) ?? shortDocument(did, own));
  const newAddress = (uri: string): OwnPeer4 => {
    const made = newPeer4(uri);
    own.push(made);
    keys.add(made);
    keys.add({
      did: made.short,
      secrets: made.secrets.map((secret) => ({
        ...secret,
        id: secret.id.replace(made.did, made.short),
      })),
    });
    return made;
  };
  const account = newAddress('didcomm:transport/queue');
  const mediatorDid = printed.from;
  let contactDid: string | undefined;
  let fromPrior: string | undefined;

  const ask = async (draft: Draft): Promise<IMessage> => {
    const request = { return_route: 'all', ...draft };
    const { id, envelope } = await keys.pack(request, account.did, mediatorDid, false);
    const { message } = await keys.unpack(await post(httpOf(mediatorDid), envelope));
    if (message.thid !== id) throw new Error(`a reply on the thread ${String(message.thid)}`);
    return message;
  };
  const register = async ({ short }: OwnPeer4): Promise<void> => {
    const updates = [{ recipient_did: short, action: 'add' }];
    const reply = await ask({ type: `${CM}/keylist-update`, body: { updates } });
    const [updated] = (reply.body as { updated: { result: string }[] }).updated;
    if (updated?.result !== 'success') throw new Error(JSON.stringify(reply));
  };

  const grant = await ask({ type: `${CM}/mediate-request` });
  const routingDid: unknown = (grant.body as { routing_did: unknown }).routing_did;
  if (typeof routingDid !== 'string') throw new Error('routing_did must be a string');
  let address = newAddress(routingDid);
  await register(address);
  const invitationDid = address.did;

  const fromNow = (): string => (contactDid === undefined ? address.did : address.short);

  const forward = async (packed: string): Promise<void> => {
    if (contactDid === undefined) throw new Error('no connection');
    const mediator = firstService(contactDid);
    const { envelope } = await keys.pack(
      {
        type: 'https://didcomm.org/routing/2.0/forward',
        body: { next: didKeyOf(contactDid) },
        attachments: [
          {
            id: randomUUID(),
            media_type: 'application/didcomm-encrypted+json',
            data: { json: JSON.parse(packed) as unknown },
          },
        ],
      },
      null,
      didKeyOf(mediator),
      false,
    );
    await post(httpOf(mediator), envelope);
  };

  const receive = async (message: IMessage): Promise<string> => {
    const { type, from, thid, created_time, body } = message;
    if (contactDid === undefined) {
      // The answer to a reusable invitation: moves before it says anything.
      const next = newAddress(routingDid);
      await register(next);
      fromPrior = await keys.rotation(address.did, next.did);
      address = next;
      contactDid = from;
    }
    if (from !== contactDid) throw new Error('ConnectionNotFound');
    if (type !== TEXT) return `refused ${type}`;
    if (!Number.isInteger(created_time)) throw new Error('created_time must be an integer');
    if (thid === '') throw new Error('thid must not be empty');
    return (body as { content: string }).content;
  };

  return {
    get from() {
      return fromNow();
    },
    get long() {
      return address.did;
    },
    get contactDid() {
      return contactDid;
    },
    invite: () => {
      const invitation = {
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        id: randomUUID(),
        from: invitationDid,
      };
      const encoded = Buffer.from(JSON.stringify(invitation)).toString('base64url');
      return `https://credo.example/?oob=${encoded}`;
    },
    send: async (content, more = {}) => {
      if (contactDid === undefined) throw new Error('no connection');
      const id = randomUUID();
      // The proof names the long form, and goes along with the first words from it.
      const proof = fromPrior === undefined ? {} : { from_prior: fromPrior };
      const from = fromPrior === undefined ? address.short : address.did;
      fromPrior = undefined;
      const draft = { id, thid: id, type: TEXT, body: { content }, ...proof, ...more };
      await forward((await keys.pack(draft, from, contactDid, false)).envelope);
    },
    forward,
    v1Envelope: () => {
      const kid = base58.encode(documentKey(contactDid ?? ''));
      const recipient = { encrypted_key: random(48), header: { kid, sender: random(80) } };
      const header = {
        enc: 'xchacha20poly1305_ietf',
        typ: 'JWM/1.0',
        alg: 'Authcrypt',
        recipients: [recipient],
      };
      const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
      const parts = { iv: random(24), ciphertext: random(200), tag: random(16) };
      return JSON.stringify({ protected: encoded, ...parts });
    },
    fetch: async () => {
      const delivery = await ask({
        type: `${PICKUP}/delivery-request`,
        body: { message_count_limit: 10 },
      });
      if (delivery.type !== `${PICKUP}/delivery`) throw new Error(delivery.type);
      const attachments = delivery.attachments ?? [];
      const seen: string[] = [];
      for (const { data } of attachments) {
        if (!('base64' in data)) throw new Error('only base64 is read');
        const packed = Buffer.from(data.base64, 'base64').toString();
        seen.push(await receive((await keys.unpack(packed)).message));
      }
      const { envelope } = await keys.pack(
        {
          type: `${PICKUP}/messages-received`,
          return_route: 'all',
          body: { message_id_list: attachments.map(({ id }) => id) },
        },
        account.did,
        mediatorDid,
        false,
      );
      // Of version 4.0 nobody answers it.
      if (attachments.length > 0) await post(httpOf(mediatorDid), envelope);
      return seen;
    },
  };
}

const random = (length: number): string =>
  Buffer.from(Uint8Array.from({ length }, () => Math.floor(Math.random() * 256))).toString(
    'base64url',
  );

/** The document of an own DID under its short form. */
function shortDocument(did: string, own: readonly OwnPeer4[]): DIDDoc | null {
  const known = own.find(({ short }) => short === did);
  const long = known && documentOfPeer4(known.did);
  if (!long) return null;
  return JSON.parse(JSON.stringify(long).replaceAll(known.did, known.short)) as DIDDoc;
}

const documentKey = (did: string): Uint8Array => {
  const [method] = documentOf(did)?.verificationMethod.filter(({ id }) =>
    documentOf(did)?.keyAgreement.includes(id),
  ) ?? [undefined];
  return Buffer.from((method?.publicKeyJwk as { x: string } | undefined)?.x ?? '', 'base64url');
};

/** The key agreement key of a DID, as a DID of its own. */
const didKeyOf = (did: string): string =>
  `did:key:z${base58.encode(Uint8Array.from([0xec, 0x01, ...documentKey(did)]))}`;

function didKeyDocument(did: string): DIDDoc | null {
  const [, multibase] = /^did:key:(z6LS\w+)$/.exec(did) ?? [];
  if (multibase === undefined) return null;
  const id = `${did}#${multibase}`;
  const x = Buffer.from(base58.decode(multibase.slice(1)).subarray(2)).toString('base64url');
  return {
    id: did,
    authentication: [],
    keyAgreement: [id],
    verificationMethod: [
      {
        id,
        type: 'JsonWebKey2020',
        controller: did,
        publicKeyJwk: { kty: 'OKP', crv: 'X25519', x },
      },
    ],
    service: [],
  };
}
