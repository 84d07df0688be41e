import { isDid, type ResolveDid } from '../src/did/did.ts';
import { fromBase64Url } from '../src/lib/base64url.ts';
import { toSeconds, type Clock } from '../src/lib/clock.ts';
import type { Keylist, RecipientChange } from '../src/protocols/coordinate-mediation/mediator.ts';
import type { BlindLinks } from '../src/protocols/blind-link/mediator.ts';
import { MAX_LINK_LIFETIME_MS } from '../src/protocols/blind-link/messages.ts';
import type { Mailbox } from '../src/protocols/message-pickup/mediator.ts';
import type { Kept, Relay } from '../src/protocols/routing/mediator.ts';
import type { Subscriptions } from '../src/protocols/push-notifications-webpush/mediator.ts';
import { didHash } from './did-hash.ts';
import { isAllowedEndpoint } from './egress.ts';
import type { Identity } from './identity.ts';
import type { InboxShares } from './inbox-shares.ts';
import { letterOf } from './letter.ts';
import type { Limits } from './limits.ts';
import { mailItem } from './mail-item.ts';
import type { LiveHub } from './live-hub.ts';
import { isOnCurve } from './push/encrypt.ts';
import type { PushSender } from './push/sender.ts';
import { isListed } from './push/services.ts';
import type { Hash, InboxStore, Letter, ListChange } from './store/types.ts';

export interface StoreContext {
  readonly store: InboxStore;
  readonly identity: Identity;
  readonly resolve: ResolveDid;
  readonly hub: LiveHub;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly push: PushSender;
  readonly shares: InboxShares;
  /** `silent`: a forward to a stranger is answered like any other, so that nobody can ask who is here. */
  readonly unknownForwards: 'report' | 'silent';
  /** `closed`: only whoever has an account already is granted one. */
  readonly newAccounts: 'open' | 'closed';
}

/** The keylist of the protocol, over the store. */
export function storeKeylist(context: StoreContext): Keylist {
  const { store, identity, resolve, clock, newAccounts } = context;
  /** Forwards may name a DID by one of its agreement keys (rule I62). */
  const aliases = async (did: string): Promise<Hash[]> => {
    const resolved = await resolve(did);
    if (resolved.kind !== 'ok') return [];
    return resolved.document.keyAgreement.map((key) => didHash(`did:key:${key.multibase}`));
  };
  /** @returns undefined for what no list can hold */
  const listChange = async ({
    recipientDid: did,
    action,
  }: RecipientChange): Promise<ListChange | undefined> => {
    if (!isDid(did) || identity.isOwn(did)) return undefined;
    if (action === 'add') return { action, did, aliases: await aliases(did) };
    return action === 'remove' ? { action, did, aliases: [] } : undefined;
  };
  return {
    grant: async (did) => {
      if (await store.isDenied(did)) return undefined;
      if (newAccounts === 'closed' && (await store.accountOf(did)) === undefined) return undefined;
      await store.grant(did, clock.now());
      return identity.routingDid;
    },
    update: async (did, changes) => {
      const account = await store.accountOf(did);
      if (account === undefined) return undefined;
      const asked = await Promise.all(changes.map(listChange));
      const possible = asked.filter((change) => change !== undefined);
      const results = (await store.changeList(account, possible, clock.now())).values();
      return asked.map((change) =>
        change ? (results.next().value ?? 'server_error') : 'client_error',
      );
    },
    list: async (did, { limit, offset }) => {
      const account = await store.accountOf(did);
      return account === undefined ? undefined : store.list(account, limit, offset);
    },
  };
}

/** The mailbox of the protocol, over the store. */
export function storeMailbox({ store, hub, clock, limits, shares }: StoreContext): Mailbox {
  const hashOf = (recipient: string | undefined): { recipient?: Hash } =>
    recipient === undefined ? {} : { recipient: didHash(recipient) };
  return {
    status: async (did, recipient) => {
      const account = await store.accountOf(did);
      if (account === undefined) return undefined;
      const { n, bytes, oldest, newest } = await store.status(account, hashOf(recipient).recipient);
      return {
        count: n,
        bytes,
        ...(oldest === undefined ? {} : { oldestAt: oldest }),
        ...(newest === undefined ? {} : { newestAt: newest }),
        now: clock.now(),
      };
    },
    fetch: async (did, { limit, recipient }) => {
      const account = await store.accountOf(did);
      if (account === undefined) return undefined;
      const page = { limit, maxBytes: limits.innerBytes, ...hashOf(recipient) };
      return (await store.fetch(account, page)).map(mailItem);
    },
    remove: async (did, ids) => {
      const account = await store.accountOf(did);
      if (account === undefined) return undefined;
      const known = ids.map(fromBase64Url).filter((id) => id !== undefined);
      await store.ack(account, known);
      shares.fetched(account);
      hub.acknowledged(account, ids);
      return 'done';
    },
  };
}

/** The links of the protocol, over the store. */
export const storeLinks = ({
  store,
  clock,
}: Pick<StoreContext, 'store' | 'clock'>): BlindLinks => ({
  put: async (did, { id, content, expiresSeconds }) => {
    const account = await store.accountOf(did);
    if (account === undefined) return undefined;
    const now = clock.now();
    const expiresAt = Math.min(expiresSeconds * 1000, now + MAX_LINK_LIFETIME_MS);
    // What is over takes no room in the count of the account's links, yet would in the file.
    if (expiresAt <= now) return 'past';
    const link = { id: bytesOf(id), body: bytesOf(content), expiresAt };
    const put = await store.putLink(account, link, now);
    return put === 'stored' ? toSeconds(expiresAt) : put;
  },
  remove: async (did, id) => {
    const account = await store.accountOf(did);
    if (account === undefined) return undefined;
    await store.removeLink(account, bytesOf(id));
    return 'done';
  },
});

export interface SubscriptionRules {
  readonly vapidPublicKey: string;
  readonly ownIsLocal: boolean;
  /** Names of the push services that are sent to. */
  readonly pushServices: readonly string[];
}

/** The push subscriptions of the protocol, over the store. */
export const storeSubscriptions = (
  store: InboxStore,
  { vapidPublicKey, ownIsLocal, pushServices }: SubscriptionRules,
): Subscriptions => ({
  vapidPublicKey,
  set: async (did, subscription) => {
    const account = await store.accountOf(did);
    if (account === undefined) return undefined;
    if (
      subscription &&
      !(
        isAllowedEndpoint(subscription.endpoint, ownIsLocal) &&
        isListed(subscription.endpoint, pushServices) &&
        isOnCurve(bytesOf(subscription.keys.p256dh))
      )
    )
      return 'refused';
    await store.push(account, subscription ? JSON.stringify(subscription) : null);
    return 'set';
  },
});

/** Of a text that the message's schema has checked. */
const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The relay of the protocol, for forwards that were taken apart already. */
export interface LetterRelay extends Relay {
  keepLetters(
    next: Hash,
    letters: readonly Letter[],
    expiresSeconds: number | undefined,
    /** The address it came from, where that is one sender's. */
    source?: string,
  ): Promise<Kept>;
}

/** The relay over the store and the live sockets. */
export function storeRelay(context: StoreContext): LetterRelay {
  const { store, hub, push, clock, limits, shares, unknownForwards } = context;
  const keepLetters: LetterRelay['keepLetters'] = async (next, letters, expiresSeconds, source) => {
    const now = clock.now();
    if (letters.some(({ body }) => body.length > limits.innerBytes)) return 'too-big';
    const expiresAt = Math.min(now + limits.messageTtlMs, (expiresSeconds ?? Infinity) * 1000);
    if (expiresAt <= now) return 'kept';
    const size = letters.reduce((sum, { body }) => sum + body.length, 0);
    if (!shares.allows(next, source, size)) return 'full';
    const puts = await store.enqueue({ next, letters, receivedAt: now, expiresAt });
    // [Note: Commit first, push second] A socket never carries what a crash could still take back.
    // The answer is on its way by then: its time does not tell whether somebody is online.
    setImmediate(() =>
      letters.forEach(({ id, body }, index) => {
        const put = puts[index];
        if (put?.kind !== 'stored') return;
        shares.stored(put.account, next, source, body.length);
        hub.push(put.account, { id, body }, put.elsewhere);
        if (put.subscribed === true && put.elsewhere.length === 0) push.wake(put.account);
      }),
    );
    if (puts.some(({ kind }) => kind === 'full')) return 'full';
    return unknownForwards === 'report' && puts.some(({ kind }) => kind === 'unknown')
      ? 'unknown'
      : 'kept';
  };
  return {
    keepLetters,
    keep: (next, envelopes, expiresSeconds) =>
      keepLetters(didHash(next), envelopes.map(letterOf), expiresSeconds),
  };
}
