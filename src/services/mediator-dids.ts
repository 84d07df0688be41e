import type { Did, DidResolution } from '../did/did.ts';
import { resolverKnowing } from '../did/resolve-known.ts';
import { resolveDid } from '../did/resolve.ts';
import { isSameDid } from '../did/same-did.ts';
import { usableKeys } from '../didcomm/pack.ts';
import type { Inbound } from '../didcomm/trust-gate.ts';
import type { OpenWallet } from './wallet.ts';
import { noteMediator, storedAccount, type MediatorAccount } from './mediators.ts';
import { resolverWith } from './resolve-for-sending.ts';

// A mediator that goes by another DID than the one it was met by: another form of it, or one that it moved to.

type Named = Pick<MediatorAccount, 'mediatorDid' | 'priorMediatorDids'>;
const didsOf = ({ mediatorDid, priorMediatorDids = [] }: Named): readonly Did[] => [
  mediatorDid,
  ...priorMediatorDids,
];

async function formAmong(dids: readonly Did[], did: Did): Promise<Did | undefined> {
  for (const known of dids) if (await isSameDid(known, did)) return known;
  return undefined;
}

/** The short form of a DID that the mediator is known by (rule I50). */
export const resolveShort = (account: Named, did: string): Promise<DidResolution> =>
  resolverKnowing(resolveDid, (short) => formAmong(didsOf(account), short))(did);

/** Known by its DID, by one that it had, or by its proof that it moved, which is remembered (rule I21). */
export async function isKnownSender(
  ports: Pick<OpenWallet, 'db' | 'device'>,
  account: MediatorAccount,
  sender: Did,
  rotation: Inbound['rotation'],
): Promise<boolean> {
  const stored = await storedAccount(ports, account.rowId);
  if (!stored) return false;
  const { mediatorDid, priorMediatorDids = [] } = stored;
  if (await formAmong(didsOf(stored), sender)) return true;
  if (!rotation || !(await isSameDid(rotation.priorDid, mediatorDid))) return false;
  const next = await resolverWith(account.documents)(sender);
  if (next.kind !== 'ok' || (await usableKeys(next.document, 'X25519')).length === 0) return false;
  await noteMediator(ports, account.rowId, {
    mediatorDid: sender,
    priorMediatorDids: [mediatorDid, ...priorMediatorDids],
  });
  return true;
}
