import * as v from 'valibot';
import { backoffMs } from '../lib/backoff.ts';
import { CoordinateMediation3 as Mediation } from '../protocols/coordinate-mediation/messages.ts';
import { JobPayload, openRow } from '../storage/payloads.ts';
import type { JobRow, ParleyDb } from '../storage/schema.ts';
import { askMediator, type ControlPorts } from './control.ts';
import type { ReadyMediator } from './mediators.ts';

export interface RecipientUpdatePorts extends ControlPorts {
  readonly db: ParleyDb;
}

/** How many DIDs one update carries. */
const BATCH = 20;

interface Job {
  readonly row: JobRow;
  readonly payload: JobPayload;
}

/**
 * Tells the mailbox which DIDs to keep mail for, oldest first, until nothing is due.
 * @returns false when the mailbox could not be asked
 */
export async function runRecipientUpdates(
  ports: RecipientUpdatePorts,
  mediator: ReadyMediator,
): Promise<boolean> {
  for (;;) {
    const jobs = await dueJobs(ports);
    if (jobs.length === 0) return true;
    const updates = jobs.map(({ payload }) => ({
      recipient_did: payload.recipientDid,
      action: payload.action,
    }));
    const asked = await askMediator(ports, mediator, {
      type: Mediation.update.type,
      body: { updates },
      thread: 'new',
    });
    if (asked.kind !== 'reply') {
      await postpone(ports, jobs);
      return false;
    }
    await settle(ports, jobs, resultsOf(asked.message));
  }
}

async function dueJobs(ports: RecipientUpdatePorts): Promise<Job[]> {
  const rows = await ports.db.jobs.where('nextAt').belowOrEqual(ports.clock.now()).sortBy('seq');
  const opened = await Promise.all(
    rows.map(async (row) => ({
      row,
      payload: await openRow(ports.device, JobPayload, 'jobs', row),
    })),
  );
  // Rows that cannot be read stay as they are, and must not fill the batch.
  return opened.flatMap(({ row, payload }) => (payload ? [{ row, payload }] : [])).slice(0, BATCH);
}

/** R42: the answer was matched to the request by its thread; only DIDs of the request count. */
function resultsOf(message: {
  readonly type: string;
  readonly body: unknown;
}): Map<string, string> {
  const parsed =
    message.type === Mediation.updated.type
      ? v.safeParse(Mediation.updated.body, message.body)
      : undefined;
  const updated = parsed?.success ? parsed.output.updated : [];
  return new Map(updated.map((item) => [`${item.action}|${item.recipient_did}`, item.result]));
}

async function settle(
  ports: RecipientUpdatePorts,
  jobs: readonly Job[],
  results: Map<string, string>,
): Promise<void> {
  const resultOf = ({ payload }: Job): string | undefined =>
    results.get(`${payload.action}|${payload.recipientDid}`);
  const registered = (result: string | undefined): boolean =>
    result === 'success' || result === 'no_change';
  const done = jobs.filter((job) => registered(resultOf(job)));
  // The mailbox will never take this DID (`client_error`): mail for it cannot arrive, but other mail can go.
  const hopeless = jobs.filter((job) => resultOf(job) === 'client_error');
  const { db } = ports;
  await db.transaction('rw', [db.jobs, db.invitations], async () => {
    await db.jobs.bulkDelete([...done, ...hopeless].flatMap(({ row }) => row.seq ?? []));
    for (const { payload } of done)
      if (payload.invitationRowId !== undefined)
        await db.invitations
          .where('id')
          .equals(payload.invitationRowId)
          .filter(({ state }) => state === 'preparing')
          .modify({ state: 'live' });
  });
  const rest = jobs.filter((job) => !done.includes(job) && !hopeless.includes(job));
  if (rest.length > 0) await postpone(ports, rest);
}

async function postpone(ports: RecipientUpdatePorts, jobs: readonly Job[]): Promise<void> {
  const later = await Promise.all(
    jobs.map(async ({ row, payload }) => {
      const attempts = payload.attempts + 1;
      const nextAt = ports.clock.now() + backoffMs(attempts, Math.random());
      const x = await ports.device.seal('jobs', row.id, { ...payload, attempts });
      return row.seq === undefined ? [] : [{ key: row.seq, changes: { nextAt, x } }];
    }),
  );
  await ports.db.jobs.bulkUpdate(later.flat());
}
