import { isDid, type Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { ContactPayload, InvitationPayload, openRow } from '../storage/payloads.ts';
import type { ContactRow } from '../storage/schema.ts';
import type { OpenWallet } from './wallet.ts';
import { isOpen } from './contact-state.ts';

/** How many contacts and open invitations have an address at this mailbox that they may still write to. */
export async function usersOf(
  ports: Pick<OpenWallet, 'db' | 'vault' | 'clock'>,
  routingDid: Did,
): Promise<number> {
  let users = 0;
  for (const { row, payload } of await openedContacts(ports)) {
    if ((!isOpen(row.state) && row.state !== 'asking') || payload.unmet) continue;
    const heard = payload.fromPrior === undefined ? [] : payload.myPriorDids;
    if (await isAnyAt([payload.myDid, ...heard], routingDid)) users += 1;
  }
  const invitations = await ports.db.invitations
    .filter(({ state, expiresAt }) => state !== 'answered' && expiresAt > ports.clock.now())
    .toArray();
  for (const row of invitations) {
    const payload = await openRow(ports.vault, InvitationPayload, 'invitations', row);
    if (payload && (await isAnyAt([payload.myDid], routingDid))) users += 1;
  }
  return users;
}

interface OpenedContact {
  readonly row: ContactRow;
  readonly payload: ContactPayload;
}

export async function openedContacts({
  db,
  vault,
}: Pick<OpenWallet, 'db' | 'vault'>): Promise<readonly OpenedContact[]> {
  const rows = await db.contacts.toArray();
  const opened = await Promise.all(
    rows.map(async (row) => ({
      row,
      payload: await openRow(vault, ContactPayload, 'contacts', row),
    })),
  );
  return opened.flatMap(({ row, payload }) => (payload ? [{ row, payload }] : []));
}

/** The routing DID that a DID of ours is reached by: its one service. */
export async function mailboxOf(myDid: Did): Promise<Did | undefined> {
  const resolved = await resolveDid(myDid);
  const [service] = resolved.kind === 'ok' ? resolved.document.services : [];
  return isDid(service?.uri) ? service.uri : undefined;
}

async function isAnyAt(dids: readonly Did[], routingDid: Did): Promise<boolean> {
  return (await Promise.all(dids.map(mailboxOf))).includes(routingDid);
}
