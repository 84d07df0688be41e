import { fromAnyBase64 } from '../lib/base64url.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import type { Clock } from '../lib/clock.ts';
import type { Attachment } from '../didcomm/plaintext.ts';
import type { Device } from '../storage/device.ts';
import type { InboxRow, ParleyDb, Seen0Row } from '../storage/schema.ts';

export interface ArrivalPorts {
  readonly db: ParleyDb;
  readonly device: Device;
  readonly clock: Clock;
  /** `seq` of an unread envelope that was written later: what comes now is opened before it. */
  readonly before?: number;
}

/** Some mediators deliver all that they have at once (rule I25). */
const CHUNK = 25;
/** Longer than the mediator keeps mail. */
const SEEN_MS = 40 * 24 * 60 * 60 * 1000;

/**
 * Puts the envelopes of one delivery into the inbox, each once, sealed unread; a long one in several transactions.
 * @returns the attachment ids that may now be acknowledged: all whose envelope is on disk
 */
export async function storeArrivals(
  ports: ArrivalPorts,
  attachments: readonly Attachment[],
): Promise<string[]> {
  for (let next = 0; next < attachments.length; next += CHUNK)
    await storeChunk(ports, attachments.slice(next, next + CHUNK));
  // What cannot be read as an envelope at all is acknowledged too, or it would come back for ever.
  return attachments.flatMap(({ id }) => (id === undefined ? [] : [id]));
}

async function storeChunk(ports: ArrivalPorts, attachments: readonly Attachment[]): Promise<void> {
  const arrived = await Promise.all(attachments.map((one) => arrivalRow(ports, one)));
  const rows = arrived.flatMap((row) => (row ? [row] : []));
  const { db } = ports;
  await db.transaction('rw', [db.inbox, db.seen0], async () => {
    for (const { inbox, seen } of rows) {
      // Marks are forgotten in time; an envelope that rests unread for longer is still there.
      if ((await db.seen0.get(seen.id)) ?? (await db.inbox.get({ id: inbox.id }))) continue;
      await db.seen0.add(seen);
      await db.inbox.add(await inItsPlace(ports, inbox));
    }
  });
}

/** Between whole numbers there is room for a million. */
const STEP = 1e-6;

async function inItsPlace({ db, before }: ArrivalPorts, row: InboxRow): Promise<InboxRow> {
  if (before === undefined) return row;
  const last = await db.inbox
    .where(':id')
    .between(before - 1, before, false, false)
    .last();
  return { ...row, seq: (last?.seq ?? before - 1) + STEP };
}

async function arrivalRow(
  { device, clock }: ArrivalPorts,
  attachment: Attachment,
): Promise<{ readonly inbox: InboxRow; readonly seen: Seen0Row } | undefined> {
  const packed = envelopeText(attachment);
  if (packed === undefined) return undefined;
  const id = await device.mac(utf8(packed));
  const x = await device.sealInbox(id, { packed, receivedAt: clock.now() });
  return { inbox: { id, tries: 0, x }, seen: { id, exp: clock.now() + SEEN_MS } };
}

/** Base64 in either alphabet, a JSON object, or JSON text (rule I24). */
function envelopeText({ data }: Attachment): string | undefined {
  if (data.base64 !== undefined) {
    const bytes = fromAnyBase64(data.base64);
    return bytes && fromUtf8(bytes);
  }
  if (typeof data.json === 'string') return data.json;
  return data.json === undefined ? undefined : JSON.stringify(data.json);
}
