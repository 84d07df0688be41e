import type {
  AcceptOutcome,
  CodeOutcome,
  ContactView,
  NotificationsView,
} from '../../src/state/views.ts';
import { addMessage, change, later, useWorld } from './world.ts';

// Stands in for src/state/actions.ts in the gallery: same names, changes the scene.

export async function createWallet(_name: string): Promise<void> {
  await later();
  change({ boot: { kind: 'ready' } });
}

export const setProfileName = (_name: string): Promise<void> => later();

export async function readCode(_text: string): Promise<CodeOutcome> {
  await later();
  return useWorld.getState().code;
}

export async function acceptIntent(_intentId: string): Promise<AcceptOutcome> {
  await later(400);
  change({ intent: { kind: 'gone' }, pendingIntent: undefined });
  return { kind: 'accepted', contactId: 'new' };
}

export async function declineIntent(_intentId: string): Promise<void> {
  await later();
  change({ intent: { kind: 'gone' }, pendingIntent: undefined });
}

export async function createInvitation(_options: {
  autoAccept: boolean;
}): Promise<{ kind: 'ok'; id: string } | { kind: 'no-mailbox' }> {
  await later();
  return useWorld.getState().mailbox?.kind === 'ready'
    ? { kind: 'ok', id: 'inv' }
    : { kind: 'no-mailbox' };
}

export const invitationToShow = createInvitation;
export const fetchIntent = (_intentId: string): Promise<void> => later();
export const markHandedOut = (_invitationId: string): Promise<void> => later();

export async function revokeInvitation(invitationId: string): Promise<void> {
  await later();
  const { openCodes } = useWorld.getState();
  change({ openCodes: openCodes.filter(({ id }) => id !== invitationId) });
}

export async function setShared(_invitationId: string, shared: boolean): Promise<void> {
  const { invitation } = useWorld.getState();
  if (invitation?.kind === 'live')
    change({ invitation: { ...invitation, shared, autoAccept: !shared } });
}

export async function setAutoAccept(_invitationId: string, autoAccept: boolean): Promise<void> {
  const { invitation } = useWorld.getState();
  if (invitation?.kind === 'live') change({ invitation: { ...invitation, autoAccept } });
}

export const acceptRequest = (contactId: string): Promise<void> => answer(contactId, true);
export const tryOtherWay = async (_contactId: string): Promise<void> => undefined;
export const declineRequest = (contactId: string): Promise<void> => answer(contactId, false);

async function answer(contactId: string, accepted: boolean): Promise<void> {
  await later();
  const { chats = [], invitation } = useWorld.getState();
  const others = chats.filter(({ contact }) => contact.id !== contactId);
  const asked = chats.find(({ contact }) => contact.id === contactId);
  if (invitation?.kind === 'answered' && accepted)
    change({
      invitation: { ...invitation, contact: { ...invitation.contact, state: 'connected' } },
    });
  if (asked && accepted)
    change({
      chats: [{ ...asked, contact: { ...asked.contact, state: 'connected' } }, ...others],
    });
  else change({ chats: others });
}

export async function sendText(contactId: string, text: string): Promise<void> {
  await later(10);
  addMessage(contactId, text, true);
}

export const retryMessage = (_messageId: string): Promise<void> => later();

export async function renameContact(contactId: string, name: string): Promise<void> {
  await later();
  const { chats = [] } = useWorld.getState();
  change({
    chats: chats.map((row) =>
      row.contact.id === contactId
        ? { ...row, contact: { ...row.contact, name: name || (row.contact.claimedName ?? '') } }
        : row,
    ),
  });
}

const changeChat = (contactId: string, changed: Partial<ContactView>): void => {
  const { chats = [] } = useWorld.getState();
  change({
    chats: chats.map((row) =>
      row.contact.id === contactId ? { ...row, contact: { ...row.contact, ...changed } } : row,
    ),
  });
};

export const changeAddress = async (_contactId: string): Promise<boolean> => true;
export const endRelationship = async (contactId: string): Promise<void> =>
  changeChat(contactId, { state: 'ended', isEnded: true, isWritable: false });
export const reconnect = async (contactId: string): Promise<void> =>
  changeChat(contactId, { state: 'connected', isEnded: false, isWritable: true });
export const deleteChat = (_contactId: string): Promise<void> => later();
export const setMuted = async (contactId: string, muted: boolean): Promise<void> =>
  changeChat(contactId, { muted });
export const setBlocked = async (contactId: string, blocked: boolean): Promise<void> =>
  changeChat(contactId, { blocked, isWritable: !blocked });
export const setVerified = async (contactId: string): Promise<void> =>
  changeChat(contactId, { verified: 'yes' });

export const markRead = (_contactId: string): Promise<void> => later();
export const saveDraft = (_contactId: string, _text: string): Promise<void> => later();

export async function askForNotifications(): Promise<NotificationsView> {
  change({ notifications: 'granted', notices: { wanted: true, closed: 'on', names: false } });
  return 'granted';
}
export async function setNotices(wanted: boolean): Promise<void> {
  change({ notices: { ...useWorld.getState().notices, wanted } });
}
export async function setNoticeNames(names: boolean): Promise<void> {
  change({ notices: { ...useWorld.getState().notices, names } });
}

export async function askForPersistence(): Promise<void> {
  change({ storage: { persisted: true, usedBytes: 4_312_000 } });
}
