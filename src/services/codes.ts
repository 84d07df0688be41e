import { toSeconds } from '../lib/clock.ts';
import { newLinkSecret, sealLink, shortLink } from '../protocols/blind-link/seal.ts';
import { invitationJson, invitationUrl } from '../protocols/out-of-band/write.ts';
import { InvitationPayload, openRow } from '../storage/payloads.ts';
import type { InvitationRow, InvitationUse, LinkJobRow } from '../storage/schema.ts';
import { blindLink } from './contacts.ts';
import { recipientJob } from './jobs.ts';
import { linkJob, linkRemoval } from './link-jobs.ts';
import { readyMediator } from './mediators.ts';
import { myName } from './my-name.ts';
import { mintDid } from './mint-did.ts';
import { retireInvitation } from './retire.ts';
import { bareInvitation, liveSpares } from './spares.ts';
import type { OpenWallet, PackingWallet } from './wallet.ts';

// The person's own codes: made, changed, shown again, revoked.

const DAY_MS = 24 * 60 * 60 * 1000;
/** A code for one person is good for a day; what many may use, for as long as servers keep short links. */
const LIFETIME_MS = { single: DAY_MS, shared: 7 * DAY_MS } as const;
/** A code that has less time left is not shown again. */
const WORTH_SHOWING_MS = 60 * 60 * 1000;

type Use = Exclude<InvitationUse, 'spare'>;

export type CreateInvitationOutcome =
  | { readonly kind: 'ok'; readonly id: string }
  /** No mediator granted us a routing DID yet. */
  | { readonly kind: 'no-mailbox' };

/**
 * Makes an invitation for one person under a DID of its own: a spare, which works at once, or a fresh one,
 * which goes live when the mailbox knows it. Its short link follows as soon as the network is there.
 * @param origin of the app, for the long link
 */
export async function createInvitation(
  wallet: PackingWallet,
  options: { readonly origin: string; readonly autoAccept: boolean },
): Promise<CreateInvitationOutcome> {
  const mediator = await readyMediator(wallet);
  if (!mediator) return { kind: 'no-mailbox' };
  const linkOrigin = new URL(mediator.httpUrl).origin;
  for (const { row: spare, payload } of await liveSpares(wallet, mediator.routingDid)) {
    const dressed = await dress(wallet, spare, payload, { ...options, linkOrigin, use: 'single' });
    if (await take(wallet, spare, dressed)) return { kind: 'ok', id: spare.id };
  }
  const minted = await mintDid(wallet.vault, mediator.routingDid);
  const fresh = await bareInvitation(wallet, minted.did, 'single');
  const { row, linkJobs } = await dress(wallet, fresh.row, fresh.payload, {
    ...options,
    linkOrigin,
    use: 'single',
  });
  const job = await recipientJob(wallet, row.id, 'add', minted.did, row.id);
  const { db } = wallet;
  await db.transaction('rw', [db.invitations, db.keys, db.jobs, db.linkJobs], async () => {
    await db.invitations.add(row);
    await db.keys.bulkAdd([...minted.keyRows]);
    await db.jobs.add(job);
    await db.linkJobs.bulkAdd(linkJobs);
  });
  return { kind: 'ok', id: row.id };
}

interface Dress {
  readonly use: Use;
  readonly autoAccept: boolean;
  readonly origin: string;
  readonly linkOrigin: string;
}

interface Dressed {
  readonly row: InvitationRow;
  readonly linkJobs: readonly LinkJobRow[];
}

/** Gives an invitation its end, its links and what puts the short one in place. */
async function dress(
  wallet: PackingWallet,
  row: InvitationRow,
  payload: InvitationPayload,
  { use, autoAccept, origin, linkOrigin }: Dress,
): Promise<Dressed> {
  const now = wallet.clock.now();
  const expiresAt = now + LIFETIME_MS[use];
  const secretB64u = payload.secretB64u ?? newLinkSecret();
  const invitation = {
    id: payload.oobId,
    from: payload.myDid,
    label: await myName(wallet),
    expiresSeconds: toSeconds(expiresAt),
  };
  const sealed = await sealLink(secretB64u, invitationJson(invitation));
  const next: InvitationPayload = {
    ...payload,
    secretB64u,
    url: invitationUrl(origin, invitation),
    shortUrl: payload.shortUrl ?? shortLink(linkOrigin, secretB64u),
  };
  const put = sealed && { content: sealed.content, expiresSeconds: toSeconds(expiresAt) };
  return {
    row: {
      ...row,
      use,
      autoAccept,
      expiresAt,
      madeAt: row.use === 'spare' ? now : row.madeAt,
      // A link that is there already stays good while its content is renewed.
      link: !sealed ? 'refused' : row.link === 'ready' ? 'ready' : 'asked',
      ...(sealed ? { hLink: await blindLink(wallet.vault, sealed.id) } : {}),
      x: await wallet.vault.seal('invitations', row.id, next),
    },
    linkJobs: sealed ? [await linkJob(wallet, row.id, sealed.id, put)] : [],
  };
}

/** @returns false when another tab took this spare, or the row changed otherwise */
async function take({ db }: OpenWallet, from: InvitationRow, to: Dressed): Promise<boolean> {
  return db.transaction('rw', [db.invitations, db.linkJobs], async () => {
    const now = await db.invitations.get(from.id);
    if (now?.use !== from.use || now.state !== from.state || now.answers !== from.answers)
      return false;
    await db.invitations.put(to.row);
    await db.linkJobs.where('invitation').equals(from.id).delete();
    await db.linkJobs.bulkAdd(to.linkJobs);
    return true;
  });
}

/** The code to show again: for one person, unused, never handed out, and not about to end. */
export async function invitationToShow({ db, clock }: OpenWallet): Promise<string | undefined> {
  const soon = clock.now() + WORTH_SHOWING_MS;
  const rows = await db.invitations
    .where('use')
    .equals('single')
    .filter(
      ({ state, expiresAt, handedOut }) => isOut(state) && expiresAt > soon && handedOut !== true,
    )
    .sortBy('madeAt');
  return rows.at(-1)?.id;
}

/** Somebody may hold it now. */
export async function markHandedOut({ db }: OpenWallet, id: string): Promise<void> {
  await db.invitations.update(id, { handedOut: true });
}

/** Lets one person or everybody use a code; it starts its time anew. Accepting by itself is for one person. */
export async function setUse(
  wallet: PackingWallet,
  id: string,
  use: Use,
  origin: string,
): Promise<void> {
  const row = await wallet.db.invitations.get(id);
  const payload = row && (await openRow(wallet.vault, InvitationPayload, 'invitations', row));
  const mediator = await readyMediator(wallet);
  if (!payload || !mediator || row.use === use || !isOut(row.state)) return;
  // Who came by it already would make two of one.
  if ((row.answers ?? 0) > 0) return;
  const autoAccept = use === 'single';
  const linkOrigin = new URL(mediator.httpUrl).origin;
  const dressed = await dress(wallet, row, payload, { use, autoAccept, origin, linkOrigin });
  if (!(await take(wallet, row, dressed))) await setUse(wallet, id, use, origin);
}

export async function setAutoAccept(
  { db }: Pick<OpenWallet, 'db'>,
  invitationId: string,
  autoAccept: boolean,
): Promise<void> {
  await db.invitations.update(invitationId, { autoAccept });
}

const isOut = (state: InvitationRow['state']): boolean => state === 'live' || state === 'preparing';

/**
 * Nobody comes in by this code any more, from this moment; its short link and its address go as soon as the
 * network is there. Whoever came by it stays a contact.
 */
export async function revokeInvitation(wallet: PackingWallet, id: string): Promise<void> {
  const row = await wallet.db.invitations.get(id);
  const payload = row && (await openRow(wallet.vault, InvitationPayload, 'invitations', row));
  if (!payload || !isOut(row.state)) return;
  const remove = await linkRemoval(wallet, id, payload.secretB64u);
  const { db } = wallet;
  await db.transaction('rw', [db.invitations, db.linkJobs], async () => {
    const revoked = await db.invitations
      .where({ id })
      .filter(({ state }) => isOut(state))
      .modify({ state: 'revoked' });
    if (revoked === 0) return;
    await db.linkJobs.where('invitation').equals(id).delete();
    await db.linkJobs.bulkAdd(remove);
  });
  await retireInvitation(wallet, row);
}
