import { cleanDisplayName } from '../lib/display-name.ts';
import { readyMediator } from '../services/mediators.ts';
import { NOTICES_NAME, NOTICES_WANTED, PUSH_DUE } from '../services/push-settings.ts';
import { setProfileName as setName } from '../services/wallet.ts';
import { loadActs } from './acts.ts';
import { notificationPermission } from './hooks.ts';
import { makeWallet, openSession } from './session.ts';
import { codeFault } from './to-views.ts';
import type { AcceptOutcome, CodeOutcome, NotificationsView } from './views.ts';

// What screens do. Each writes what the person did and tells the service worker; none waits for the network.

export const createWallet = (name: string): Promise<void> => makeWallet(cleanDisplayName(name));

export const setProfileName = (name: string): Promise<void> =>
  setName(openSession().wallet, cleanDisplayName(name));

/** The open wallet, and what a person can do with it. */
export async function acting() {
  const { wallet, tell } = openSession();
  const acts = await loadActs();
  return { acts, wallet: acts.packing(wallet), tell };
}

export async function readCode(text: string): Promise<CodeOutcome> {
  const { acts, wallet, tell } = await acting();
  const outcome = await acts.openCode(wallet, text, location.origin);
  if (outcome.kind !== 'preview') return codeFault(outcome);
  // It may have to be fetched.
  tell('enqueued');
  return outcome;
}

/** Keeps a text that came from outside until a screen shows it. */
export async function keepArrivedText(text: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.storeIntent(wallet, text, 'arrived', location.origin);
  tell('enqueued');
}

/** Asks the host that an opened link names for the invitation. */
export async function fetchIntent(intentId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.fetchIntent(wallet, intentId);
  tell('enqueued');
}

export async function acceptIntent(intentId: string): Promise<AcceptOutcome> {
  const { acts, wallet, tell } = await acting();
  await mailboxReady();
  const outcome = await acts.acceptIntent(wallet, intentId);
  if (outcome.kind === 'no-mailbox') return outcome;
  if (outcome.kind !== 'accepted') return codeFault(outcome);
  tell('enqueued');
  // A contact is worth keeping: ask the browser not to clear it to make room.
  void askForPersistence();
  return outcome;
}

export async function declineIntent(intentId: string): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.declineIntent(wallet, intentId);
}

type CreateOutcome = { readonly kind: 'ok'; readonly id: string } | { readonly kind: 'no-mailbox' };

export async function createInvitation(options: {
  readonly autoAccept: boolean;
}): Promise<CreateOutcome> {
  const { acts, wallet, tell } = await acting();
  await mailboxReady();
  const { autoAccept } = options;
  const outcome = await acts.createInvitation(wallet, { origin: location.origin, autoAccept });
  tell('enqueued');
  return outcome;
}

/** The code that nobody got yet, if there is one, else a new one. */
export async function invitationToShow(options: {
  readonly autoAccept: boolean;
}): Promise<CreateOutcome> {
  const { acts, wallet } = await acting();
  const id = await acts.invitationToShow(wallet);
  return id === undefined ? createInvitation(options) : { kind: 'ok', id };
}

export async function setAutoAccept(invitationId: string, autoAccept: boolean): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.setAutoAccept(wallet, invitationId, autoAccept);
}

/** Lets one person or whoever has it use a code. */
export async function setShared(invitationId: string, shared: boolean): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.setUse(wallet, invitationId, shared ? 'shared' : 'single', location.origin);
  tell('enqueued');
}

/** The code was copied or shared: the next one to show is another. */
export async function markHandedOut(invitationId: string): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.markHandedOut(wallet, invitationId);
}

export async function revokeInvitation(invitationId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.revokeInvitation(wallet, invitationId);
  tell('enqueued');
}

export async function acceptRequest(contactId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.acceptRequest(wallet, contactId);
  tell('enqueued');
  void askForPersistence();
}

export async function tryOtherWay(contactId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.tryOtherWay(wallet, contactId, await acts.myName(wallet));
  tell('enqueued');
}

export async function declineRequest(contactId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.declineRequest(wallet, contactId);
  tell('enqueued');
}

const language = (): string => navigator.language.split('-')[0] ?? 'en';

export async function sendText(contactId: string, text: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.sendText(wallet, contactId, text, language());
  tell('enqueued');
}

export async function retryMessage(messageId: string): Promise<void> {
  const { acts, wallet, tell } = await acting();
  await acts.retryMessage(wallet, messageId, language());
  tell('enqueued');
}

export async function renameContact(contactId: string, name: string): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.renameContact(wallet, contactId, cleanDisplayName(name));
}

export async function markRead(contactId: string): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.markRead(wallet, contactId);
}

export async function saveDraft(contactId: string, text: string): Promise<void> {
  const { acts, wallet } = await acting();
  await acts.saveDraft(wallet, contactId, text);
}

export async function askForNotifications(): Promise<NotificationsView> {
  const permission =
    notificationPermission() === 'default'
      ? await Notification.requestPermission()
      : notificationPermission();
  if (permission === 'granted') await setNotices(true);
  return permission;
}

/** Whether to tell of messages that come while nobody looks; the mailbox hears of it when it can be reached. */
export async function setNotices(wanted: boolean): Promise<void> {
  const { wallet, tell } = openSession();
  await wallet.db.settings.bulkPut([
    { id: NOTICES_WANTED, value: wanted },
    { id: PUSH_DUE, value: wallet.clock.now() },
  ]);
  tell('enqueued');
}

/** Whether notices name who wrote. */
export async function setNoticeNames(shown: boolean): Promise<void> {
  await openSession().wallet.db.settings.put({ id: NOTICES_NAME, value: shown });
}

export async function askForPersistence(): Promise<void> {
  const { storage } = navigator as { readonly storage?: StorageManager };
  await storage?.persist();
}

const MAILBOX_WAIT_MS = 8_000;

/** A wallet just made gets its mailbox within a moment; give it that moment before saying there is none. */
async function mailboxReady(): Promise<void> {
  const { wallet, tell } = openSession();
  const until = performance.now() + MAILBOX_WAIT_MS;
  while (!(await readyMediator(wallet)) && navigator.onLine && performance.now() < until) {
    tell('visible');
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
