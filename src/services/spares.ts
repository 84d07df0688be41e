import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { InvitationPayload, openRow } from '../storage/payloads.ts';
import { newMessageId, newRowId } from '../lib/ids.ts';
import type { InvitationRow, InvitationUse } from '../storage/schema.ts';
import { blindDid } from './contacts.ts';
import type { OpenWallet } from './wallet.ts';

/** An invitation that is not registered yet and says nothing: what a spare is. */
export async function bareInvitation(
  wallet: Pick<OpenWallet, 'vault' | 'clock'>,
  myDid: Did,
  use: InvitationUse,
): Promise<{ readonly row: InvitationRow; readonly payload: InvitationPayload }> {
  const [id, oobId] = [newRowId(), newMessageId()];
  const payload: InvitationPayload = { oobId, myDid, url: '' };
  const row: InvitationRow = {
    id,
    state: 'preparing',
    use,
    madeAt: wallet.clock.now(),
    autoAccept: false,
    expiresAt: 0,
    hMyDid: await blindDid(wallet.vault, myDid),
    hOobId: await wallet.vault.blind('invitations', oobId),
    x: await wallet.vault.seal('invitations', id, payload),
  };
  return { row, payload };
}

/** An invitation registered ahead of need. */
export interface Spare {
  readonly row: InvitationRow;
  readonly payload: InvitationPayload;
}

export async function allSpares(wallet: OpenWallet): Promise<Spare[]> {
  const rows = await wallet.db.invitations.where('use').equals('spare').toArray();
  const opened = rows.map(async (row) => ({
    row,
    payload: await openRow(wallet.vault, InvitationPayload, 'invitations', row),
  }));
  return (await Promise.all(opened)).flatMap(({ row, payload }) =>
    payload ? [{ row, payload }] : [],
  );
}

/** Whether the mail of a DID of ours is kept where this routing DID leads. */
export async function isKeptAt(myDid: Did, routingDid: Did): Promise<boolean> {
  const resolved = await resolveDid(myDid);
  return resolved.kind === 'ok' && resolved.document.services.some(({ uri }) => uri === routingDid);
}

/** Those that the mailbox knows already. */
export async function liveSpares(wallet: OpenWallet, routingDid: Did): Promise<Spare[]> {
  const live: Spare[] = [];
  for (const spare of await allSpares(wallet))
    if (spare.row.state === 'live' && (await isKeptAt(spare.payload.myDid, routingDid)))
      live.push(spare);
  return live;
}
