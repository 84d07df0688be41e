import { changeContact } from './change-contact.ts';
import type { OpenWallet } from './wallet.ts';

// What the person decides about a contact; nobody is told.

/** Texts of a muted contact arrive without a notice. */
export const setMuted = (wallet: OpenWallet, contactId: string, muted: boolean): Promise<boolean> =>
  changeContact(wallet, contactId, (payload) => ({ ...payload, muted }));

/** A blocked contact writes into the void and hears nothing; where it moves is still followed. */
export const setBlocked = (
  wallet: OpenWallet,
  contactId: string,
  blocked: boolean,
): Promise<boolean> => changeContact(wallet, contactId, (payload) => ({ ...payload, blocked }));

/** The person compared the safety code, and it was the same on both sides. */
export const setVerified = (wallet: OpenWallet, contactId: string): Promise<boolean> =>
  changeContact(wallet, contactId, (payload) => ({ ...payload, verified: 'yes' }));
