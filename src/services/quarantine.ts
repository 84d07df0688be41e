import { newRowId } from '../lib/ids.ts';
import { utf8 } from '../lib/bytes.ts';
import type { GateReason } from '../didcomm/gate-reason.ts';
import type { InboxRow } from '../storage/schema.ts';
import type { Latecomer } from './judgement.ts';
import { keepTelling, tellLatecomer } from './latecomers.ts';
import type { Wallet } from './wallet.ts';

const QUARANTINE_ROWS = 200;
const QUARANTINE_BYTES = 4 * 1024 * 1024;

export type QuarantineReason = GateReason | 'not-for-us' | 'unreadable' | 'didcomm-v1';

export interface Quarantined {
  readonly kind: 'quarantined';
  readonly reason: QuarantineReason;
}

/**
 * Sets an envelope aside with the reason, and tells whom `late` names why nobody answers them; the oldest make room in a bounded ring. Reads the ends of the ring
 * only: a flood of poison must not cost more with every drop.
 */
export async function quarantine(
  wallet: Wallet,
  row: InboxRow,
  packed: string,
  verdict: QuarantineReason,
  late?: Latecomer,
): Promise<Quarantined> {
  const { isVersion1 } = await import('./older-wallet.ts');
  const reason = isVersion1(packed) ? 'didcomm-v1' : verdict;
  const rowId = newRowId();
  const size = utf8(packed).length;
  const x = await wallet.vault.seal('quarantine', rowId, { packed });
  const telling = late && (await tellLatecomer(wallet, late));
  const { db } = wallet;
  const tables = [db.quarantine, db.inbox, db.invitations, db.dedupe, db.outbox];
  await db.transaction('rw', tables, async () => {
    const last = await db.quarantine.orderBy(':id').last();
    const sizeSoFar = (last?.sizeSoFar ?? 0) + size;
    const at = wallet.clock.now();
    const newest = await db.quarantine.add({ at, reason, size, sizeSoFar, rowId, x });
    if (row.seq !== undefined) await db.inbox.delete(row.seq);
    if (telling) await keepTelling(db, telling);
    await db.quarantine
      .where(':id')
      .belowOrEqual(newest - QUARANTINE_ROWS)
      .delete();
    for (;;) {
      const oldest = await db.quarantine.orderBy(':id').first();
      if (oldest?.id === undefined || oldest.id === newest) return;
      if (sizeSoFar - oldest.sizeSoFar + oldest.size <= QUARANTINE_BYTES) return;
      await db.quarantine.delete(oldest.id);
    }
  });
  return { kind: 'quarantined', reason };
}
