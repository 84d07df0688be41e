import { didHash } from '../did-hash.ts';
import { statusOf } from './status-row.ts';
import type { Statements } from './statements.ts';
import type { InboxStore } from './types.ts';

/** What leaves a store as it is. */
export type Reads = Pick<
  InboxStore,
  'accountOf' | 'accountDid' | 'isDenied' | 'list' | 'status' | 'fetch' | 'link' | 'knows' | 'stats'
>;

/** What the file says, of all that was committed. */
export function sqliteReads(sql: Statements): Reads {
  return {
    accountOf: async (did) => sql.accountByHash.one(didHash(did))?.id,
    accountDid: async (did) => sql.accountDid.one(didHash(did))?.did,
    isDenied: async (did) => sql.denied.one(didHash(did)) !== undefined,
    list: async (account, limit, offset) => {
      const rows = sql.listRecipients.all(account, limit, offset);
      const all = Number(sql.countRecipients.one(account)?.n);
      return {
        dids: rows.map((row) => row.did),
        remaining: Math.max(0, all - offset - limit),
      };
    },
    status: async (account, recipient) => {
      const row = recipient
        ? sql.statusOfRecipient.one(account, recipient)
        : sql.statusOfAccount.one(account, account, account);
      return statusOf(row);
    },
    fetch: async (account, { limit, maxBytes, recipient }) => {
      const sizes = recipient
        ? sql.sizesOfRecipient.all(account, recipient, limit)
        : sql.sizesOfAccount.all(account, limit);
      const page: { id: Uint8Array; body: Uint8Array; at: number }[] = [];
      let bytes = 0;
      for (const { seq, size } of sizes) {
        bytes += Number(size);
        if (page.length > 0 && bytes > maxBytes) break;
        const row = sql.message.one(seq);
        if (row) page.push({ id: row.id, body: row.body, at: Number(row.at) });
      }
      return page;
    },
    link: async (id, now) => sql.link.one(id, now)?.body,
    knows: async (key) => sql.replay.one(key) !== undefined,
    stats: async () => {
      const row = sql.stats.one();
      return {
        accounts: Number(row?.accounts),
        recipients: Number(row?.recipients),
        messages: Number(row?.messages),
        bytes: Number(row?.bytes),
      };
    },
  };
}
