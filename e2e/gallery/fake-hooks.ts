import { useMemo } from 'react';
import type {
  BootView,
  ChatRowView,
  ContactView,
  DiagnosticsView,
  IntentView,
  InvitationView,
  MessagesView,
  NotificationsView,
  OpenCodeView,
  ProfileView,
  SafetyCodeView,
  StorageView,
  WaitingCodeView,
} from '../../src/state/views.ts';
import type { InviterView } from '../../src/state/inviter.ts';
import { useWorld } from './world.ts';

// Stands in for src/state/hooks.ts in the gallery: same names, answers from the scene.

const profile: ProfileView = { name: 'Robin' };

export const useBoot = (): BootView => useWorld(({ boot }) => boot);
export const useInviter = (): InviterView | undefined => useWorld(({ inviter }) => inviter);
export const useProfile = (): ProfileView | undefined => profile;
export const useChats = (): readonly ChatRowView[] | undefined => useWorld(({ chats }) => chats);

export function useContact(contactId: string): ContactView | 'gone' | undefined {
  const { chats, broken } = useWorld();
  if (broken) throw Object.assign(new Error('planted'), { code: 'storage/quota' });
  return chats?.find(({ contact }) => contact.id === contactId)?.contact ?? 'gone';
}

const code: SafetyCodeView = {
  groups: ['04719', '88230', '51164', '90327', '00058', '61942'],
  isSettled: false,
};
export const useSafetyCode = (_contactId: string): SafetyCodeView | undefined => code;

export function useMessages(contactId: string, newest: number): MessagesView | undefined {
  const all = useWorld(({ messages }) => messages)[contactId];
  return useMemo(
    () => ({ messages: all?.slice(-newest) ?? [], total: all?.length ?? 0 }),
    [all, newest],
  );
}

export function useInvitation(invitationId: string | undefined): InvitationView | undefined {
  const invitation = useWorld((world) => world.invitation);
  return invitationId === undefined ? undefined : invitation;
}

export const useOpenCodes = (): readonly OpenCodeView[] | undefined =>
  useWorld(({ openCodes }) => openCodes);
export const useWaitingCodes = (): readonly WaitingCodeView[] | undefined =>
  useWorld(({ waitingCodes }) => waitingCodes);
export const useIntent = (_intentId: string): IntentView => useWorld(({ intent }) => intent);
export const usePendingIntent = (): string | undefined =>
  useWorld(({ pendingIntent }) => pendingIntent);
export const useDraft = (_contactId: string): string | undefined => useWorld(({ draft }) => draft);
export const useDiagnostics = (): DiagnosticsView | undefined =>
  useWorld(({ diagnostics }) => diagnostics);
export const useStorage = (): StorageView | undefined => useWorld(({ storage }) => storage);
export const useNotifications = (): NotificationsView =>
  useWorld(({ notifications }) => notifications);
export const useOnline = (): boolean => useWorld(({ online }) => online);
export const useUnreadTotal = (): number =>
  useWorld(({ chats }) => chats?.reduce((sum, { unread }) => sum + unread, 0) ?? 0);
