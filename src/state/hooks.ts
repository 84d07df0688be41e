import { useEffect, useState, useSyncExternalStore } from 'react';
import { chatRows, DraftPayload, newestMessages, ProfilePayload } from '../storage/queries.ts';
import { loadActs } from './acts.ts';
import { APP_VERSION } from './version.ts';
import { useLiveView } from './live.ts';
import { openSession, useSession } from './session.ts';
import { chatRowView, contactView, isPresent, messageView } from './to-views.ts';
import type {
  BootView,
  ChatRowView,
  ContactView,
  DiagnosticsView,
  MessagesView,
  NotificationsView,
  ProfileView,
  SafetyCodeView,
  StorageView,
  WaitingCodeView,
} from './views.ts';

// What screens read. Each is undefined while it loads.

export function useBoot(): BootView {
  const session = useSession();
  return session.kind === 'ready' ? READY : session;
}
const READY: BootView = { kind: 'ready' };

export function useProfile(): ProfileView | undefined {
  const { wallet, openRow } = openSession();
  return useLiveView(
    'profile',
    () => wallet.db.profile.get('me'),
    async (row) => ({ name: (row && (await openRow(ProfilePayload, 'profile', row))?.name) ?? '' }),
  );
}

/** Newest first; contacts that ask to be let in are among them. */
export function useChats(): readonly ChatRowView[] | undefined {
  const session = openSession();
  return useLiveView(
    'chats',
    () => chatRows(session.wallet.db),
    async (rows) =>
      (await Promise.all(rows.map((row) => chatRowView(session, row))))
        .filter(isPresent)
        .sort((a, b) => b.at - a.at),
  );
}

export function useContact(contactId: string): ContactView | 'gone' | undefined {
  const session = openSession();
  return useLiveView(
    `contact ${contactId}`,
    () => session.wallet.db.contacts.get(contactId),
    async (row) => (row && (await contactView(session, row))) ?? 'gone',
  );
}

/** Undefined while it is worked out, and when the contact is gone. */
export function useSafetyCode(contactId: string): SafetyCodeView | undefined {
  const { wallet } = openSession();
  return useLiveView(
    `safety code ${contactId}`,
    () => wallet.db.contacts.get(contactId),
    async () => (await loadActs()).codeWith(wallet, contactId),
  );
}

/** @param newest how many of the newest messages to open */
export function useMessages(contactId: string, newest: number): MessagesView | undefined {
  const session = openSession();
  return useLiveView(
    `messages ${contactId} ${newest}`,
    () => newestMessages(session.wallet.db, contactId, newest),
    async ({ rows, total }) => ({
      messages: (await Promise.all(rows.map((row) => messageView(session, row)))).filter(isPresent),
      total,
    }),
  );
}

/** Opened links whose content had to be fetched, and that nobody has decided on. */
export function useWaitingCodes(): readonly WaitingCodeView[] | undefined {
  const { db } = openSession().wallet;
  return useLiveView(
    'waiting codes',
    () => db.intents.where('fetch').anyOf('asked', 'done').toArray(),
    async (rows) =>
      rows
        .filter(({ state }) => state !== 'contact')
        .map(({ id, fetch }) => ({ intentId: id, opened: fetch !== 'asked' })),
  );
}

/** An intent that came from outside (a link, a share) and that no screen has shown yet. */
export function usePendingIntent(): string | undefined {
  const { wallet } = openSession();
  return useLiveView(
    'pending intent',
    () => wallet.db.intents.where('state').equals('arrived').first(),
    async (row) => row?.id,
  );
}

/** What was typed and not sent when the chat was opened; '' when nothing was. Does not follow changes. */
export function useDraft(contactId: string): string | undefined {
  const { wallet, openRow } = openSession();
  const [draft, setDraft] = useState<{ readonly contactId: string; readonly text: string }>();
  useEffect(() => {
    let ended = false;
    const read = async (): Promise<void> => {
      const row = await wallet.db.drafts.get(contactId);
      const text = (row && (await openRow(DraftPayload, 'drafts', row))?.text) ?? '';
      if (!ended) setDraft({ contactId, text });
      // Who has a chat open will write in it: then nothing is left to be fetched.
      await loadActs();
    };
    read().catch(reportError);
    // The composer is open: what sending takes is fetched before it is needed.
    import('../services/acts.ts').catch(reportError);
    return () => {
      ended = true;
    };
  }, [wallet, openRow, contactId]);
  return draft?.contactId === contactId ? draft.text : undefined;
}

async function workerFacts(): Promise<Pick<DiagnosticsView, 'serviceWorker' | 'keysHeldBy'>> {
  const active = (await navigator.serviceWorker.getRegistration())?.active;
  return {
    serviceWorker: active ? 'active' : 'none',
    keysHeldBy: active?.scriptURL.endsWith('/sw-compat.js') === true ? 'script' : 'browser',
  };
}

export function useDiagnostics(): DiagnosticsView | undefined {
  const { db } = openSession().wallet;
  return useLiveView(
    'diagnostics',
    async () => ({
      outboxWaiting: await db.outbox.count(),
      quarantined: await db.quarantine.reverse().limit(50).toArray(),
    }),
    async ({ outboxWaiting, quarantined }): Promise<DiagnosticsView> => ({
      version: APP_VERSION,
      outboxWaiting,
      quarantined: quarantined.map(({ at, reason }) => ({ at, reason })),
      ...(await workerFacts()),
    }),
  );
}

export function useUnreadTotal(): number {
  const { db } = openSession().wallet;
  const total = useLiveView(
    'unread',
    () => db.messages.where('st').equals('unread').count(),
    async (count) => count,
  );
  return total ?? 0;
}

export function useStorage(): StorageView | undefined {
  const [view, setView] = useState<StorageView>();
  useEffect(() => {
    const { storage } = navigator as { readonly storage?: StorageManager };
    const read = async (): Promise<void> =>
      setView({
        persisted: await storage?.persisted(),
        usedBytes: (await storage?.estimate())?.usage,
      });
    read().catch(reportError);
  }, []);
  return view;
}

/** Follows the permission, which the person can also change in the browser's own settings. */
export function useNotifications(): NotificationsView {
  const [permission, setPermission] = useState<NotificationsView>(notificationPermission);
  useEffect(() => {
    const update = (): void => setPermission(notificationPermission());
    let status: PermissionStatus | undefined;
    navigator.permissions.query({ name: 'notifications' }).then((found) => {
      status = found;
      found.addEventListener('change', update);
    }, reportError);
    return () => status?.removeEventListener('change', update);
  }, []);
  return permission;
}

export const notificationPermission = (): NotificationsView =>
  'Notification' in window ? Notification.permission : 'unsupported';

export const useOnline = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      window.addEventListener('online', changed);
      window.addEventListener('offline', changed);
      return () => {
        window.removeEventListener('online', changed);
        window.removeEventListener('offline', changed);
      };
    },
    () => navigator.onLine,
  );
