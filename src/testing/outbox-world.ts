import { flushOutbox } from '../services/outbox-flush.ts';
import { sendText } from '../services/chat.ts';
import type { PostOutcome } from '../transport/http.ts';
import { befriend } from './foreign.ts';
import { newPeer, type Peer } from './peer.ts';
import { freshWallet, type TestWallet } from './wallets.ts';

const ORIGIN = 'http://localhost:8080';
/** Where the mailbox of Alice's contacts is. */
export const ROUTE = 'http://localhost:9/route';

/** Alice writes to contacts whose mailbox answers as a test tells it to. */
export interface OutboxWorld {
  readonly alice: TestWallet;
  /** The mailbox of Alice's contacts. */
  readonly theirs: Peer;
  /** What was posted, oldest first. */
  readonly posts: readonly Post[];
  /** By Alice's clock, which stands still. */
  now: number;
  answer: (url: string, packed: string) => PostOutcome | Promise<PostOutcome>;
  flush(ownOrigin?: string): Promise<void>;
  /** A contact behind that mailbox unless it says otherwise, to whom nothing waits to be sent. @returns its row id */
  contact(peer?: Peer): Promise<string>;
  /** The same with one text that waits. */
  contactAndText(peer?: Peer): Promise<string>;
  /** The states of the chat's messages, each with its reason if there is one. */
  stateOf(contactId: string): Promise<string>;
}

interface Post {
  readonly url: string;
  readonly packed: string;
}

export const answered = (status: number, body = '', retryAfterMs?: number): PostOutcome => ({
  kind: 'answered',
  status,
  body,
  retryAfterMs,
});

/** @param url of Alice's mediator */
export async function outboxWorld(url: string): Promise<OutboxWorld> {
  const posts: Post[] = [];
  const always202: OutboxWorld['answer'] = () => answered(202);
  const told = { now: Date.now(), answer: always202 };
  const alice = await freshWallet('Alice', url, { clock: { now: () => told.now } });
  await alice.settle();
  const theirs = await newPeer([{ uri: ROUTE, accept: ['didcomm/v2'] }]);
  const { db } = alice.wallet;

  const contact: OutboxWorld['contact'] = async (peer) => {
    const them = peer ?? (await newPeer([{ uri: theirs.did }]));
    const contactId = await befriend(alice, url, them);
    await db.outbox.where('lane').equals(contactId).delete();
    await db.jobs.clear();
    return contactId;
  };
  return Object.assign(told, {
    alice,
    theirs,
    posts,
    contact,
    flush: (ownOrigin = ORIGIN) =>
      flushOutbox({
        ...alice.wallet,
        ownOrigin,
        http: {
          post: async (to, packed) => {
            posts.push({ url: to, packed });
            return told.answer(to, packed);
          },
          get: async () => ({ kind: 'unreachable' }),
          getText: async () => undefined,
        },
      }),
    contactAndText: async (peer?: Peer) => {
      const contactId = await contact(peer);
      await sendText(alice.wallet, contactId, 'hello', 'en');
      return contactId;
    },
    stateOf: async (contactId: string) => {
      const rows = await db.messages
        .where('[c+s]')
        .between([contactId, 0], [contactId, Infinity])
        .toArray();
      return rows.map(({ st, why }) => (why === undefined ? st : `${st}: ${why}`)).join();
    },
  });
}
