import type { Forwarded, Hash, InboxStore, ListResult, Put } from '../../mediator/store/types.ts';

/** A list changed by one DID. */
export async function bind(
  store: InboxStore,
  account: bigint,
  did: string,
  aliases: readonly Hash[] = [],
  now = 0,
): Promise<ListResult | undefined> {
  return (await store.changeList(account, [{ action: 'add', did, aliases }], now))[0];
}

export async function unbind(
  store: InboxStore,
  account: bigint,
  did: string,
): Promise<ListResult | undefined> {
  return (await store.changeList(account, [{ action: 'remove', did, aliases: [] }], 0))[0];
}

/** Forwards that come in at the same time. */
export const putAll = async (
  store: InboxStore,
  forwards: readonly Forwarded[],
): Promise<readonly Put[]> => (await Promise.all(forwards.map((one) => store.enqueue(one)))).flat();
