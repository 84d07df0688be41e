import type { Did } from '../did/did.ts';
import { canonicalDid } from '../did/same-did.ts';
import { ContactPayload, openRow } from '../storage/payloads.ts';
import type { ContactRow, ContactRowState } from '../storage/schema.ts';
import type { Vault } from '../storage/vault.ts';
import type { OpenWallet } from './wallet.ts';

/** A contact with its row opened. */
export interface Contact {
  readonly row: ContactRow;
  readonly payload: ContactPayload;
}

/**
 * Blinded form of a DID, the same for its long and its short form (rule I50); one namespace, so that any
 * table's DID column can be searched with it.
 */
export const blindDid = async (vault: Vault, did: Did): Promise<string> =>
  vault.blind('contacts', await canonicalDid(did));

/** Blinded form of a short link's id, the same in codes of ours and in contacts that came by one. */
export const blindLink = (vault: Vault, linkId: string): Promise<string> =>
  vault.blind('invitations', linkId);

/** R22: who wrote, by whatever form of its DID, and the id in any case (I13). */
export const blindSeen = async ({ vault }: OpenWallet, sender: Did, id: string): Promise<string> =>
  vault.blind('dedupe', `${await canonicalDid(sender)}|${id.toLowerCase()}`);

/** Seals a contact's new content. `rev` is one more than that of the row it replaces. */
export async function sealContact(
  vault: Vault,
  id: string,
  state: ContactRowState,
  payload: ContactPayload,
  rev: number,
): Promise<ContactRow> {
  const [x, hTheirDid, hMyDid, hPriorDid, hLink] = await Promise.all([
    vault.seal('contacts', id, payload),
    blindDid(vault, payload.theirDid),
    Promise.all([payload.myDid, ...payload.myPriorDids].map((did) => blindDid(vault, did))),
    Promise.all(payload.theirPriorDids.map((did) => blindDid(vault, did))),
    payload.linkId === undefined ? undefined : blindLink(vault, payload.linkId),
  ]);
  return { id, state, rev, hTheirDid, hMyDid, hPriorDid, ...(hLink ? { hLink } : {}), x };
}

export async function openContact(
  wallet: OpenWallet,
  row: ContactRow,
): Promise<Contact | undefined> {
  const payload = await openRow(wallet.vault, ContactPayload, 'contacts', row);
  return payload && { row, payload };
}

export async function contactById(wallet: OpenWallet, id: string): Promise<Contact | undefined> {
  const row = await wallet.db.contacts.get(id);
  return row && openContact(wallet, row);
}

/** @returns `unreadable` for a row that is damaged or of a newer version */
export async function findByTheirDid(
  wallet: OpenWallet,
  did: Did,
): Promise<Contact | 'unreadable' | undefined> {
  const hTheirDid = await blindDid(wallet.vault, did);
  const row = await wallet.db.contacts.get({ hTheirDid });
  return row && ((await openContact(wallet, row)) ?? 'unreadable');
}

export async function contactByTheirDid(
  wallet: OpenWallet,
  did: Did,
): Promise<Contact | undefined> {
  const found = await findByTheirDid(wallet, did);
  return found === 'unreadable' ? undefined : found;
}

/**
 * Whether what was packed for a contact is still addressed as it should be. Less than `rev`: a contact that
 * writes a lot changes its row all the time, and must not keep the person from writing back.
 */
export const isAddressedSame = (packedFor: ContactRow, now: ContactRow | undefined): boolean =>
  packedFor.state === now?.state &&
  packedFor.hTheirDid === now.hTheirDid &&
  packedFor.hMyDid.join() === now.hMyDid.join();

/** A proved change of either address keeps of a verification only that there was one (experience.md section 2). */
export const changedAddress = (payload: ContactPayload): ContactPayload =>
  payload.verified === undefined ? payload : { ...payload, verified: 'before-change' };
