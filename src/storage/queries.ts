import type * as v from 'valibot';
import { toBase64Url } from '../lib/base64url.ts';
import type { Bytes } from '../lib/bytes.ts';
import { openRow } from './payloads.ts';
import type { ContactRow, InvitationRow, MessageRow, ParleyDb } from './schema.ts';
import type { RowSealer } from './seal.ts';

export {
  ContactPayload,
  DraftPayload,
  InvitationPayload,
  MessagePayload,
  ProfilePayload,
} from './payloads.ts';
export type { ContactRow, InvitationRow, MessageRow } from './schema.ts';

// Reads for screens: rows as they lie on disk, found without a key. Nothing but Dexie is awaited here, so
// that liveQuery sees what was read; opening comes after.

export interface ChatRow {
  readonly contact: ContactRow;
  readonly last: MessageRow | undefined;
  readonly unread: number;
}

export async function chatRows(db: ParleyDb): Promise<ChatRow[]> {
  const contacts = await db.contacts.toArray();
  return Promise.all(
    contacts.map(async (contact) => ({
      contact,
      last: await ofChat(db, contact.id).last(),
      unread: await db.messages.where('[c+st]').equals([contact.id, 'unread']).count(),
    })),
  );
}

/** Codes of ours that let somebody in, newest first. */
export async function openCodeRows({ invitations }: ParleyDb): Promise<InvitationRow[]> {
  const rows = await invitations.where('use').anyOf('single', 'shared').sortBy('madeAt');
  return rows.filter(({ state }) => state === 'live' || state === 'preparing').reverse();
}

/** The newest messages of a chat, oldest first, and how many there are in all. */
export async function newestMessages(
  db: ParleyDb,
  contactId: string,
  count: number,
): Promise<{ readonly rows: readonly MessageRow[]; readonly total: number }> {
  const [newestFirst, total] = await Promise.all([
    ofChat(db, contactId).reverse().limit(count).toArray(),
    ofChat(db, contactId).count(),
  ]);
  return { rows: newestFirst.reverse(), total };
}

const ofChat = (db: ParleyDb, contactId: string) =>
  db.messages.where('[c+s]').between([contactId, 0], [contactId, Infinity]);

const CACHE_ROWS = 2_000;

/** Opens rows and remembers what they held: screens read the same rows again after every change. */
export function cachingOpener(sealer: RowSealer) {
  const cache = new Map<string, unknown>();
  return async <S extends v.GenericSchema>(
    schema: S,
    table: string,
    row: { readonly id: string; readonly x: Bytes },
  ): Promise<v.InferOutput<S> | undefined> => {
    // Bytes 4 to 16 are the random IV: a row that changed has another one.
    const key = `${table}|${row.id}|${toBase64Url(row.x.subarray(4, 16))}`;
    if (cache.has(key)) return cache.get(key);
    const opened = await openRow(sealer, schema, table, row);
    if (opened !== undefined) cache.set(key, opened);
    if (cache.size > CACHE_ROWS) cache.delete(cache.keys().next().value ?? '');
    return opened;
  };
}
