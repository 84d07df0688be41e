import { MediatorPayload, openRow } from '../storage/payloads.ts';
import type { OpenWallet } from './wallet.ts';
import type { Did } from '../did/did.ts';

export interface ReadyMediator extends MediatorPayload {
  readonly rowId: string;
  readonly routingDid: Did;
}

/** The mailbox in use: the one whose mediator granted a routing DID. */
export async function readyMediator(
  wallet: Pick<OpenWallet, 'db' | 'device'>,
): Promise<ReadyMediator | undefined> {
  for (const row of await wallet.db.mediators.where('state').equals('ready').toArray()) {
    const payload = await openRow(wallet.device, MediatorPayload, 'mediators', row);
    if (payload?.routingDid !== undefined)
      return { ...payload, rowId: row.id, routingDid: payload.routingDid };
  }
  return undefined;
}
