import type { ContactPayload } from '../storage/payloads.ts';

/** The name a screen shows: the person's own word for the contact, else what the contact claims. */
export const contactName = (payload: Pick<ContactPayload, 'petname' | 'claimedName'>): string =>
  payload.petname || payload.claimedName || SOMEONE_NEW;

export const SOMEONE_NEW = 'someone new';
