import { MediatorPayload, openRow } from '../storage/payloads.ts';
import type { MediatorRow, ParleyDb } from '../storage/schema.ts';
import type { OpenWallet } from './wallet.ts';
import type { Did } from '../did/did.ts';

/** An account at a mediator, and where to ask it. */
export interface MediatorAccount extends MediatorPayload {
  readonly rowId: string;
  readonly httpUrl: string;
}

/** So long a mailbox is fetched for contacts that have not followed us to another. */
export const LEAVING_MS = 30 * 24 * 60 * 60 * 1000;

export interface ReadyMediator extends MediatorAccount {
  readonly routingDid: Did;
}

type Rows = Pick<OpenWallet, 'db' | 'device'>;

/** The mailbox in use: the one whose mediator granted a routing DID. */
export const readyMediator = async (wallet: Rows): Promise<ReadyMediator | undefined> =>
  (await mailboxesIn(wallet, 'ready'))[0];

/** Mailboxes that we moved away from, and that some contacts may still write to. */
export const leavingMediators = (wallet: Rows): Promise<readonly ReadyMediator[]> =>
  mailboxesIn(wallet, 'leaving');

async function mailboxesIn(
  { db, device }: Rows,
  state: MediatorRow['state'],
): Promise<readonly ReadyMediator[]> {
  const rows = await db.mediators.where('state').equals(state).toArray();
  const opened = await Promise.all(
    rows.map(async (row) => ({
      rowId: row.id,
      payload: await openRow(device, MediatorPayload, 'mediators', row),
    })),
  );
  return opened.flatMap(({ rowId, payload }) =>
    payload?.routingDid === undefined || payload.httpUrl === undefined
      ? []
      : [{ ...payload, rowId, routingDid: payload.routingDid, httpUrl: payload.httpUrl }],
  );
}

export interface RequestedMediator {
  readonly rowId: string;
  readonly payload: MediatorPayload;
}

/** An account whose request went out before, perhaps without an answer, or that the person wants. */
export async function requestedMediator({
  db,
  device,
}: Rows): Promise<RequestedMediator | undefined> {
  for (const row of await db.mediators.where('state').equals('requested').toArray()) {
    const payload = await openRow(device, MediatorPayload, 'mediators', row);
    if (payload) return { rowId: row.id, payload };
  }
  return undefined;
}

/** What is stored of an account now; a pass may hold an older reading. */
export async function storedAccount(
  { db, device }: { readonly db: ParleyDb } & Pick<OpenWallet, 'device'>,
  rowId: string,
): Promise<MediatorPayload | undefined> {
  const row = await db.mediators.get(rowId);
  return row && openRow(device, MediatorPayload, 'mediators', row);
}

/** Notes what was learnt of a mediator. Only the engine writes these rows once they are there. */
export async function noteMediator(
  wallet: Rows,
  rowId: string,
  learnt: Partial<MediatorPayload>,
): Promise<void> {
  const payload = await storedAccount(wallet, rowId);
  if (!payload) return;
  const x = await wallet.device.seal('mediators', rowId, { ...payload, ...learnt });
  await wallet.db.mediators.update(rowId, { x });
}
