import { InvitationPayload, openCodeRows } from '../storage/queries.ts';
import { loadActs } from './acts.ts';
import { useLiveView } from './live.ts';
import { openSession } from './session.ts';
import { codeFault, contactView } from './to-views.ts';
import { liveInvitationView, previewView } from './to-code-views.ts';
import type { IntentView, InvitationView, OpenCodeView } from './views.ts';

// What the screens of codes read; apart from hooks.ts, since a start shows none of them.

export function useInvitation(invitationId: string | undefined): InvitationView | undefined {
  const session = openSession();
  const { db } = session.wallet;
  return useLiveView(
    `invitation ${invitationId ?? ''}`,
    async () => {
      const row = invitationId === undefined ? undefined : await db.invitations.get(invitationId);
      const contact =
        row?.contactId === undefined ? undefined : await db.contacts.get(row.contactId);
      return { row, contact };
    },
    async ({ row, contact }): Promise<InvitationView | undefined> => {
      if (!row) return undefined;
      const { id, autoAccept, expiresAt } = row;
      const answered = contact && (await contactView(session, contact));
      if (answered) return { kind: 'answered', id, contact: answered };
      const isOver = row.state === 'answered' || row.state === 'revoked';
      if (isOver || expiresAt <= Date.now()) return { kind: 'expired', id };
      const payload = await session.openRow(InvitationPayload, 'invitations', row);
      return row.state === 'live' && payload
        ? liveInvitationView(row, payload)
        : { kind: 'preparing', id, autoAccept };
    },
  );
}

/** Codes of ours that are still out, newest first. */
export function useOpenCodes(): readonly OpenCodeView[] | undefined {
  const { db } = openSession().wallet;
  return useLiveView(
    'open codes',
    () => openCodeRows(db),
    async (rows) =>
      rows.map(({ id, use, expiresAt, answers = 0 }) => ({
        id,
        shared: use === 'shared',
        expiresAt,
        answers,
      })),
  );
}

export function useIntent(intentId: string): IntentView {
  const { wallet } = openSession();
  const view = useLiveView(
    `intent ${intentId}`,
    () => wallet.db.intents.get(intentId),
    async (row): Promise<IntentView> => {
      if (!row) return { kind: 'gone' };
      const acts = await loadActs();
      // On screen now: it is not brought up by itself again.
      if (row.state === 'arrived') await wallet.db.intents.update(intentId, { state: 'open' });
      const reading = await acts.readIntent(wallet, intentId);
      if (reading.kind === 'gone') return { kind: 'gone' };
      if (reading.kind === 'elsewhere' || reading.kind === 'opening')
        return { kind: reading.kind, host: new URL(reading.origin).host };
      if (reading.kind === 'offers-mailbox') return { kind: 'mailbox', code: reading.code };
      if (reading.kind !== 'ok') {
        // Said now: it waits for nothing any more.
        if (row.fetch === 'done') await wallet.db.intents.update(intentId, { fetch: 'refused' });
        return { kind: 'fault', fault: codeFault(reading) };
      }
      const name = acts.invitationName(reading.invitation);
      return { kind: 'preview', preview: previewView(intentId, reading, name) };
    },
  );
  return view ?? { kind: 'loading' };
}
