import { liveHub, type LiveHub, type ReadAfter } from './live-hub.ts';
import { mailItem } from './mail-item.ts';
import { repeated } from './repeated.ts';
import type { LiveNodes } from './store/live-nodes.ts';
import type { Wakeups } from './wakeups.ts';

const BEAT_MS = 20_000;
/** Accounts asked about in one statement. */
const SLICE = 1_000;

export interface SharedHub extends LiveHub {
  close(): Promise<void>;
}

export interface SharedHubOptions {
  readonly nodes: LiveNodes;
  /** How often this node looks for mail that it was not told of. */
  readonly pollMs: number;
  /** Most of one reading. */
  readonly page: { readonly limit: number; readonly maxBytes: number };
  readonly onFault: (fault: unknown) => void;
}

/** The connections of this process, and word to and from the other nodes of its database. */
export async function sharedHub(
  { nodes, pollMs, page, onFault }: SharedHubOptions,
  wakeups: Pick<Wakeups, 'address' | 'hear' | 'publish'>,
): Promise<SharedHub> {
  const local = liveHub();
  const { members } = local;
  const turns = new Map<bigint, Promise<unknown>>();

  /** Joining and leaving with one account, in the order they happened. */
  const inTurn = <T>(account: bigint, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(account) ?? Promise.resolve()).then(work, work);
    turns.set(account, turn);
    const over = (): void => {
      if (turns.get(account) === turn) turns.delete(account);
    };
    turn.then(over, over);
    return turn;
  };

  const readerOf =
    (account: bigint): ReadAfter =>
    async (position) => {
      const { messages, last } = await nodes.mailAfter(account, position, page);
      return { items: messages.map(mailItem), last };
    };
  const wake = (account: bigint): void => {
    for (const member of members.get(account) ?? []) member.wake(readerOf(account));
  };

  const poll = async (): Promise<void> => {
    const positions = [...members].flatMap(([account, set]) => {
      const heardOf = [...set].flatMap((member) => member.heardOf ?? []);
      return heardOf.length === 0 ? [] : [[account, least(heardOf)] as const];
    });
    for (let i = 0; i < positions.length; i += SLICE)
      (await nodes.withNewMail(new Map(positions.slice(i, i + SLICE)))).forEach(wake);
  };
  const beat = async (): Promise<void> => {
    if (await nodes.beat(wakeups.address)) return;
    await nodes.rejoin([...members.keys()]);
  };

  wakeups.hear(wake);
  await beat();
  const timers = [repeated(poll, pollMs, onFault), repeated(beat, BEAT_MS, onFault)];

  return {
    join: async (account, member) => {
      await local.join(account, member);
      return inTurn(account, () => nodes.join(account));
    },
    leave: (account, member) => {
      local.leave(account, member);
      const gone = async (): Promise<void> => {
        if (!members.has(account)) await nodes.leave(account);
      };
      inTurn(account, gone).catch(onFault);
    },
    push: (account, letter, elsewhere) => {
      local.push(account, letter, elsewhere);
      for (const address of elsewhere) wakeups.publish(address, account);
    },
    acknowledged: (account, ids) => local.acknowledged(account, ids),
    isLive: (account) => local.isLive(account),
    close: async () => {
      for (const stop of timers) await stop();
      await Promise.allSettled(turns.values());
      await nodes.goodbye().catch(onFault);
    },
  };
}

const least = (positions: readonly bigint[]): bigint => positions.reduce((a, b) => (a < b ? a : b));
