import { didOf } from '../did/did.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { Forward } from '../protocols/routing/messages.ts';
import type { Inbound } from '../didcomm/trust-gate.ts';
import { InboxPayload } from '../storage/payloads.ts';
import type { InboxRow } from '../storage/schema.ts';
import * as v from 'valibot';
import { commitEffects } from './effects.ts';
import { judge } from './gate.ts';
import { secretsOf } from './own-dids.ts';
import { DEDUPE_MS, effectsOf } from './receive.ts';
import type { Latecomer } from './judgement.ts';
import type { ReportBudget } from './report-budget.ts';
import type { Quarantined, QuarantineReason } from './quarantine.ts';
import { resolverFor } from './resolve-known.ts';
import type { Wallet } from './wallet.ts';

/** After this many failures that are no fault of the envelope, it is set aside. */
const MAX_TRIES = 3;

/** What became of one envelope. */
type Handled =
  | { readonly kind: 'done'; readonly newTexts: number }
  | Quarantined
  /** Stays as it lies: damaged, or only a newer version can read it or its sender's row. */
  | { readonly kind: 'left' };

const LEFT: Handled = { kind: 'left' };

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
    isKnownMove: async (...move) => (await import('./known-dids.ts')).isKnownMove(wallet, ...move),
    now: wallet.clock.now(),
  });
  if (opened.kind === 'not-for-us') return quarantine(wallet, row, packed, 'not-for-us');
  if (opened.kind === 'quarantine') return quarantine(wallet, row, packed, opened.reason);
  const { inbound } = opened;
  if (inbound.message.type === Forward.type)
    return rewrapped(wallet, row, packed, inbound, reports, forwarded);
  for (;;) {
    const judged = await judge(wallet, inbound);
    if (judged.kind === 'quarantine')
      return quarantine(wallet, row, packed, judged.reason, judged.late);
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
        : judged.kind === 'contact' && inbound.expired
          ? await (await import('./expired.ts')).effectsOfExpired(wallet, row, judged, DEDUPE_MS)
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
  const { forwardedEnvelopes } = await import('../protocols/routing/unwrap.ts');
  const inner = forwardedEnvelopes(inbound.message.attachments);
  if (forwarded || !forUs || inner.kind !== 'ok' || inner.envelopes.length !== 1)
    return quarantine(wallet, row, packed, 'forward');
  return handleEnvelope(wallet, row, inner.envelopes[0] ?? '', reports, true);
}

const quarantine = async (
  wallet: Wallet,
  row: InboxRow,
  packed: string,
  reason: QuarantineReason,
  late?: Latecomer,
): Promise<Handled> =>
  (await import('./quarantine.ts')).quarantine(wallet, row, packed, reason, late);

async function removeFromInbox({ db }: Wallet, row: InboxRow): Promise<void> {
  if (row.seq !== undefined) await db.inbox.delete(row.seq);
}
