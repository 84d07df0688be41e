import { backoffMs } from '../lib/backoff.ts';
import { resolveDid } from '../did/resolve.ts';
import { draftRecipientUpdate, resultsIn } from '../protocols/coordinate-mediation/recipient.ts';
import { JobPayload, openRow } from '../storage/payloads.ts';
import type { JobRow } from '../storage/schema.ts';
import { askMediator, type ControlPorts } from './control.ts';
import type { ReadyMediator } from './mediators.ts';

export type RecipientUpdatePorts = ControlPorts;

/** How many DIDs one update carries. */
const BATCH = 20;
/** A mailbox that we leave may be gone for good: what was to be said to it is given up after so many tries. */
const TRIES_WHEN_LEAVING = 4;

interface Job {
  readonly row: JobRow;
  readonly payload: JobPayload;
  /** The mailbox that the DID's mail goes to. */
  readonly mailbox: ReadyMediator | undefined;
}

/**
 * Tells each mailbox which DIDs to keep mail for, oldest first, until nothing is due.
 * @param mailboxes the one in use first
 * @returns false when one could not be asked
 */
export async function runRecipientUpdates(
  ports: RecipientUpdatePorts,
  mailboxes: readonly ReadyMediator[],
): Promise<boolean> {
  const jobs = await dueJobs(ports, mailboxes);
  await forget(
    ports,
    jobs.filter(({ mailbox }) => !mailbox),
  );
  const all = await Promise.all(
    mailboxes.map((mailbox) =>
      updateOne(
        ports,
        mailbox,
        jobs.filter((job) => job.mailbox === mailbox),
      ),
    ),
  );
  return all.every(Boolean);
}

async function updateOne(
  ports: RecipientUpdatePorts,
  mailbox: ReadyMediator,
  jobs: readonly Job[],
): Promise<boolean> {
  for (let next = 0; next < jobs.length; next += BATCH) {
    const batch = jobs.slice(next, next + BATCH);
    const updates = batch.map(({ payload }) => ({
      recipient_did: payload.recipientDid,
      action: payload.action,
    }));
    const draft = draftRecipientUpdate(mailbox.mediation ?? '3.0', updates);
    const asked = await askMediator(ports, mailbox, draft);
    if (asked.kind !== 'reply') {
      await postpone(ports, jobs.slice(next));
      return false;
    }
    await settle(ports, batch, resultsIn(asked.message));
  }
  return true;
}

async function dueJobs(
  ports: RecipientUpdatePorts,
  mailboxes: readonly ReadyMediator[],
): Promise<Job[]> {
  const rows = await ports.db.jobs.where('nextAt').belowOrEqual(ports.clock.now()).sortBy('seq');
  const opened = await Promise.all(
    rows.map(async (row) => {
      const payload = await openRow(ports.device, JobPayload, 'jobs', row);
      return payload && { row, payload, mailbox: await mailboxOf(payload, mailboxes) };
    }),
  );
  // Rows that cannot be read stay as they are.
  return opened.flatMap((job) => job ?? []);
}

/** Every DID of ours names the mailbox that it was made for: its one service is that routing DID. */
async function mailboxOf(
  { recipientDid }: JobPayload,
  mailboxes: readonly ReadyMediator[],
): Promise<ReadyMediator | undefined> {
  const resolved = await resolveDid(recipientDid);
  const uris = resolved.kind === 'ok' ? resolved.document.services.map(({ uri }) => uri) : [];
  return mailboxes.find(({ routingDid }) => uris.includes(routingDid));
}

async function settle(
  ports: RecipientUpdatePorts,
  jobs: readonly Job[],
  results: ReadonlyMap<string, string>,
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
  const isLost = ({ payload, mailbox }: Job): boolean =>
    mailbox?.leftAt !== undefined && payload.attempts + 1 >= TRIES_WHEN_LEAVING;
  await forget(ports, jobs.filter(isLost));
  const later = await Promise.all(
    jobs
      .filter((job) => !isLost(job))
      .map(async ({ row, payload }) => {
        const attempts = payload.attempts + 1;
        const nextAt = ports.clock.now() + backoffMs(attempts, Math.random());
        const x = await ports.device.seal('jobs', row.id, { ...payload, attempts });
        return row.seq === undefined ? [] : [{ key: row.seq, changes: { nextAt, x } }];
      }),
  );
  await ports.db.jobs.bulkUpdate(later.flat());
}

const forget = ({ db }: RecipientUpdatePorts, jobs: readonly Job[]): Promise<void> =>
  db.jobs.bulkDelete(jobs.flatMap(({ row }) => row.seq ?? []));
