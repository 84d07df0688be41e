import { acting } from './actions.ts';

// What screens do with one contact, loaded when it is first done.

/** @returns false when there is no mailbox to have an address at */
export async function changeAddress(contactId: string): Promise<boolean> {
  const { acts, wallet, tell } = await acting();
  const outcome = await acts.moveToNewAddress(wallet, contactId);
  tell('enqueued');
  return outcome !== 'no-mailbox';
}

export async function endRelationship(contactId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.endRelationship(wallet, contactId);
  tell('enqueued');
}

export async function reconnect(contactId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.reconnect(wallet, contactId);
  tell('enqueued');
}

export async function deleteChat(contactId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.deleteChat(wallet, contactId);
  tell('enqueued');
}

export async function setMuted(contactId: string, muted: boolean): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.setMuted(wallet, contactId, muted);
}

export async function setBlocked(contactId: string, blocked: boolean): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.setBlocked(wallet, contactId, blocked);
}

export async function setVerified(contactId: string): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.setVerified(wallet, contactId);
}
