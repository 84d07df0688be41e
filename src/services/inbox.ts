import { didOf } from '../did/did.ts';
import { newRowId } from '../lib/ids.ts';
import { utf8 } from '../lib/bytes.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import type { GateReason } from '../didcomm/gate-reason.ts';
import { Forward } from '../protocols/routing/messages.ts';
import { forwardedEnvelopes } from '../protocols/routing/unwrap.ts';
import type { Inbound } from '../didcomm/trust-gate.ts';
import { InboxPayload } from '../storage/payloads.ts';
import type { InboxRow } from '../storage/schema.ts';
import * as v from 'valibot';
import { commitEffects } from './effects.ts';
import { judge } from './gate.ts';
import { secretsOf } from './own-dids.ts';
import { DEDUPE_MS, effectsOf } from './receive.ts';
import type { ReportBudget } from './report-budget.ts';
import { resolverFor } from './resolve-known.ts';
import type { Wallet } from './wallet.ts';

/** After this many failures that are no fault of the envelope, it is set aside. */
const MAX_TRIES = 3;
const QUARANTINE_ROWS = 200;
const QUARANTINE_BYTES = 4 * 1024 * 1024;

/** What became of one envelope. */
type Handled =
  | { readonly kind: 'done'; readonly newTexts: number }
  | { readonly kind: 'quarantined'; readonly reason: QuarantineReason }
  /** Stays as it lies: damaged, or only a newer version can read it or its sender's row. */
  | { readonly kind: 'left' };

const LEFT: Handled = { kind: 'left' };

type QuarantineReason = GateReason | 'not-for-us' | 'unreadable' | 'didcomm-v1';

/**
 * Opens what lies in the inbox, oldest first: trust gate, handlers, one transaction each. Poison goes to
 * quarantine and never stops the rest (rule I48).
 * @returns how many new texts there are to show
 */
export async function processInbox(wallet: Wallet, reports: ReportBudget): Promise<number> {
  let newTexts = 0;
  let after = 0;
  for (;;) {
    const rows = await wallet.db.inbox.where(':id').above(after).limit(50).toArray();
    if (rows.length === 0) return newTexts;
    for (const row of rows) {
      const handled = await handleRow(wallet, row, reports);
      if (handled.kind === 'done') newTexts += handled.newTexts;
      after = row.seq ?? after;
    }
  }
}

async function handleRow(wallet: Wallet, row: InboxRow, reports: ReportBudget): Promise<Handled> {
  const opened = await wallet.vault.openInbox(row.id, row.x);
  const payload = opened.kind === 'ok' ? v.safeParse(InboxPayload, opened.value) : undefined;
  if (!payload?.success) return LEFT;
  const { packed } = payload.output;
  // The try is counted before it is made: an envelope that crashes the worker must not do so for ever.
  if (row.tries >= MAX_TRIES) return quarantine(wallet, row, packed, 'unreadable');
  await setTries(wallet, row, row.tries + 1);
  return handleEnvelope(wallet, row, packed, reports, false);
}

async function setTries({ db }: Wallet, row: InboxRow, tries: number): Promise<void> {
  if (row.seq !== undefined) await db.inbox.update(row.seq, { tries });
}

async function handleEnvelope(
  wallet: Wallet,
  row: InboxRow,
  packed: string,
  reports: ReportBudget,
  forwarded: boolean,
): Promise<Handled> {
  const opened = await openEnvelope(packed, {
    engine: wallet.engine,
    secrets: secretsOf(wallet),
    resolve: resolverFor(wallet),
    now: wallet.clock.now(),
  });
  if (opened.kind === 'not-for-us') return quarantine(wallet, row, packed, 'not-for-us');
  if (opened.kind === 'quarantine') return quarantine(wallet, row, packed, opened.reason);
  const { inbound } = opened;
  if (inbound.message.type === Forward.type)
    return rewrapped(wallet, row, packed, inbound, reports, forwarded);
  for (;;) {
    const judged = await judge(wallet, inbound);
    if (judged.kind === 'quarantine') return quarantine(wallet, row, packed, judged.reason);
    if (judged.kind === 'drop') {
      await removeFromInbox(wallet, row);
      return { kind: 'done', newTexts: 0 };
    }
    if (judged.kind === 'hold') {
      await setTries(wallet, row, row.tries);
      return LEFT;
    }
    const effects =
      judged.kind === 'ended'
        ? await (await import('./their-ending.ts')).effectsOfEnding(wallet, row, judged, DEDUPE_MS)
        : await effectsOf(wallet, row, judged, reports);
    const committed = await commitEffects(wallet, effects);
    if (committed.kind === 'written') return { kind: 'done', newTexts: committed.newTexts };
  }
}

/**
 * R30: a mediator may wrap our mail once more, in a forward to ourselves (messaging spec, "Rewrapping").
 * Its `next` is our DID or key; one envelope, one level, and nothing is ever forwarded on.
 */
async function rewrapped(
  wallet: Wallet,
  row: InboxRow,
  packed: string,
  inbound: Inbound,
  reports: ReportBudget,
  forwarded: boolean,
): Promise<Handled> {
  const next = inbound.message.body['next'];
  const forUs = typeof next === 'string' && didOf(next) === inbound.recipientDid;
  const inner = forwardedEnvelopes(inbound.message.attachments);
  if (forwarded || !forUs || inner.kind !== 'ok' || inner.envelopes.length !== 1)
    return quarantine(wallet, row, packed, 'forward');
  return handleEnvelope(wallet, row, inner.envelopes[0] ?? '', reports, true);
}

async function removeFromInbox({ db }: Wallet, row: InboxRow): Promise<void> {
  if (row.seq !== undefined) await db.inbox.delete(row.seq);
}

/**
 * Sets an envelope aside with the reason; the oldest make room in a bounded ring. Reads the ends of the ring
 * only: a flood of poison must not cost more with every drop.
 */
async function quarantine(
  wallet: Wallet,
  row: InboxRow,
  packed: string,
  verdict: QuarantineReason,
): Promise<Handled> {
  const { isVersion1 } = await import('./older-wallet.ts');
  const reason = isVersion1(packed) ? 'didcomm-v1' : verdict;
  const rowId = newRowId();
  const size = utf8(packed).length;
  const x = await wallet.vault.seal('quarantine', rowId, { packed });
  const { db } = wallet;
  await db.transaction('rw', [db.quarantine, db.inbox], async () => {
    const last = await db.quarantine.orderBy(':id').last();
    const sizeSoFar = (last?.sizeSoFar ?? 0) + size;
    const at = wallet.clock.now();
    const newest = await db.quarantine.add({ at, reason, size, sizeSoFar, rowId, x });
    if (row.seq !== undefined) await db.inbox.delete(row.seq);
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
