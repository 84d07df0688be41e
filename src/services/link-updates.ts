import * as v from 'valibot';
import { backoffMs } from '../lib/backoff.ts';
import { Put, Remove, Removed, Stored } from '../protocols/blind-link/messages.ts';
import { LinkJobPayload, openRow } from '../storage/payloads.ts';
import type { LinkJobRow, ParleyDb, ShortLinkState } from '../storage/schema.ts';
import { askMediator, type ControlPorts } from './control.ts';
import type { ReadyMediator } from './mediators.ts';

export interface LinkUpdatePorts extends ControlPorts {
  readonly db: ParleyDb;
}

/** Puts short links in place and removes them, in order; once nobody answers, the rest waits too. */
export async function runLinkUpdates(
  ports: LinkUpdatePorts,
  mediator: ReadyMediator,
): Promise<void> {
  const now = ports.clock.now();
  let answers = true;
  for (const row of await ports.db.linkJobs.where('nextAt').belowOrEqual(now).sortBy('seq')) {
    const job = await openRow(ports.device, LinkJobPayload, 'linkJobs', row);
    // A row that cannot be read stays as it is.
    if (!job) continue;
    answers &&= await runOne(ports, mediator, row, job);
    if (!answers) await postpone(ports, row, job);
  }
}

/** @returns false when nobody answers */
async function runOne(
  ports: LinkUpdatePorts,
  mediator: ReadyMediator,
  row: LinkJobRow,
  job: LinkJobPayload,
): Promise<boolean> {
  const { linkId: id, put } = job;
  const asked = await askMediator(ports, mediator, {
    ...(put
      ? { type: Put.type, body: { id, content: put.content, expires_time: put.expiresSeconds } }
      : { type: Remove.type, body: { id } }),
    thread: 'new',
  });
  if (asked.kind === 'unreachable') return false;
  // R42: an answer counts only if it names the link that was asked for. Without it, this is a mailbox that
  // keeps no links, and asking again would change nothing.
  const answer = put ? Stored : Removed;
  const done =
    asked.kind === 'reply' &&
    asked.message.type === answer.type &&
    v.is(v.object({ id: v.literal(id) }), asked.message.body);
  await settle(ports, row, put && (done ? 'ready' : 'refused'));
  return true;
}

async function settle(
  { db }: LinkUpdatePorts,
  { seq, invitation }: LinkJobRow,
  link: ShortLinkState | undefined,
): Promise<void> {
  await db.transaction('rw', [db.linkJobs, db.invitations], async () => {
    // Revoked or renewed meanwhile: then the answer is about what is over.
    const isCurrent = seq !== undefined && (await db.linkJobs.get(seq)) !== undefined;
    if (!isCurrent) return;
    await db.linkJobs.delete(seq);
    if (link) await db.invitations.update(invitation, { link });
  });
}

async function postpone(
  { db, device, clock }: LinkUpdatePorts,
  { seq, id, invitation }: LinkJobRow,
  job: LinkJobPayload,
): Promise<void> {
  const attempts = job.attempts + 1;
  const nextAt = clock.now() + backoffMs(attempts, Math.random());
  const x = await device.seal('linkJobs', id, { ...job, attempts });
  await db.transaction('rw', [db.linkJobs, db.invitations], async () => {
    if (seq !== undefined) await db.linkJobs.update(seq, { nextAt, x });
    // Whoever looks at the code gets the long one meanwhile.
    await db.invitations
      .where({ id: invitation })
      .filter(({ link }) => link === 'asked')
      .modify({ link: 'late' });
  });
}
