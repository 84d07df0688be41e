import type { Did } from '../../did/did.ts';
import { on, type Draft, type Received, type Route } from '../../didcomm/router.ts';
import { draftReport, notEnrolled } from '../report-problem/messages.ts';
import {
  CoordinateMediation2 as V2,
  CoordinateMediation3 as V3,
  type UpdateResult,
} from './messages.ts';

/** A list that nobody asked to be cut into pages is cut at this length. */
const FULL_LIST = 1_000;

/** What the envelope proved. */
export interface AccountFacts {
  readonly sender: Did;
}

export interface RecipientChange {
  readonly recipientDid: string;
  /** `add` or `remove`; anything else is the client's error. */
  readonly action: string;
}

/** The accounts of a mediator. `undefined` means that the sender has no account. */
export interface Keylist {
  /**
   * Opens the account, or finds it again.
   * @returns the DID that mail for it is to be forwarded to; undefined when the operator wants no such account
   */
  grant(account: Did): Promise<Did | undefined>;
  /** Applies the changes in order. @returns one result for each */
  update(
    account: Did,
    changes: readonly RecipientChange[],
  ): Promise<readonly UpdateResult[] | undefined>;
  list(
    account: Did,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly dids: readonly string[]; readonly remaining: number } | undefined>;
}

export interface KeylistPorts {
  readonly keylist: Keylist;
}

type KeylistRoute = Route<AccountFacts, KeylistPorts>;

/** Both versions, over the same accounts. */
export const serveKeylist: readonly KeylistRoute[] = [
  on(V2.request, async (_request, { sender }: AccountFacts, ports: KeylistPorts) => {
    const did = await ports.keylist.grant(sender);
    return [
      did === undefined ? reply(V2.deny.type, {}) : reply(V2.grant.type, { routing_did: did }),
    ];
  }),
  on(V3.request, async (_request, { sender }: AccountFacts, ports: KeylistPorts) => {
    const did = await ports.keylist.grant(sender);
    return [
      did === undefined ? reply(V3.deny.type, {}) : reply(V3.grant.type, { routing_did: [did] }),
    ];
  }),
  on(V2.update, update(V2.updated.type)),
  on(V3.update, update(V3.updated.type)),
  on(V2.query, query(V2.list.type, 'keys')),
  on(V3.query, query(V3.list.type, 'dids')),
];

function update(responseType: string) {
  return async (
    request: Received<typeof V2.update | typeof V3.update>,
    { sender }: AccountFacts,
    { keylist }: KeylistPorts,
  ): Promise<Draft[]> => {
    const { updates } = request.body;
    const results = await keylist.update(
      sender,
      updates.map(({ recipient_did, action }) => ({ recipientDid: recipient_did, action })),
    );
    if (!results) return [draftReport(notEnrolled(sender), request.id)];
    const updated = updates.map(({ recipient_did, action }, index) => ({
      recipient_did,
      action,
      result: results[index] ?? 'server_error',
    }));
    return [reply(responseType, { updated })];
  };
}

function query(responseType: string, member: 'keys' | 'dids') {
  return async (
    request: Received<typeof V2.query | typeof V3.query>,
    { sender }: AccountFacts,
    { keylist }: KeylistPorts,
  ): Promise<Draft[]> => {
    const { limit, offset } = request.body.paginate ?? { limit: FULL_LIST, offset: 0 };
    const page = await keylist.list(sender, { limit: Math.min(limit, FULL_LIST), offset });
    if (!page) return [draftReport(notEnrolled(sender), request.id)];
    const { dids, remaining } = page;
    return [
      reply(responseType, {
        [member]: dids.map((recipient_did) => ({ recipient_did })),
        // Strict decoders exist (rule I59): the member is there only when it says something.
        ...(remaining > 0 ? { pagination: { count: dids.length, offset, remaining } } : {}),
      }),
    ];
  };
}

const reply = (type: string, body: Draft['body']): Draft => ({ type, body, thread: 'same' });
