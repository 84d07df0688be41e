import { create } from 'zustand';
import type { Theme } from './views.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  /** `alert` interrupts a screen reader, `status` waits its turn. */
  readonly role: 'status' | 'alert';
}

/** The slice of Chromium's BeforeInstallPromptEvent that a card needs to show the browser's own question. */
export interface InstallPrompt {
  prompt(): Promise<unknown>;
}

/** A card offers something once: dismissed on this device, it does not come back. */
export type Card = 'install' | 'notifications';

export interface View {
  readonly toast: Toast | undefined;
  readonly theme: Theme;
  /** Set while a new version waits: switches to it. */
  readonly applyUpdate: (() => void) | undefined;
  readonly installPrompt: InstallPrompt | undefined;
  readonly dismissedCards: readonly Card[];
  /** The invitation on show, so that coming back shows the same code. */
  readonly invitationId: string | undefined;
  /** The code of a mailbox, until the person decided about it. */
  readonly mailboxCode: string | undefined;
}

const THEME_KEY = 'parley-theme';
const CARDS_KEY = 'parley-cards';
const CARDS: readonly Card[] = ['install', 'notifications'];

/** What is open, not what is stored. The theme and dismissed cards survive in localStorage: neither tells of anyone. */
export const useView = create<View>()(() => ({
  toast: undefined,
  theme: themeOf(recall(THEME_KEY)),
  applyUpdate: undefined,
  installPrompt: undefined,
  dismissedCards: cardsOf(recall(CARDS_KEY)),
  invitationId: undefined,
  mailboxCode: undefined,
}));

let toasts = 0;

/** Shows one sentence over the screen; the newest replaces what is shown. */
export function show(text: string, { role }: { readonly role: Toast['role'] }): void {
  toasts += 1;
  useView.setState({ toast: { id: toasts, text, role } });
}

export const dismissToast = (id: number): void =>
  useView.setState(({ toast }) => (toast?.id === id ? { toast: undefined } : {}));

export const setUpdateReady = (apply: () => void): void => useView.setState({ applyUpdate: apply });

export const setInstallPrompt = (installPrompt: InstallPrompt | undefined): void =>
  useView.setState({ installPrompt });

export const setInvitationId = (invitationId: string | undefined): void =>
  useView.setState({ invitationId });

export const setMailboxCode = (mailboxCode: string | undefined): void =>
  useView.setState({ mailboxCode });

export function dismissCard(card: Card): void {
  const dismissedCards = [...new Set([...useView.getState().dismissedCards, card])];
  useView.setState({ dismissedCards });
  remember(CARDS_KEY, dismissedCards.join(' '));
}

export function setTheme(theme: Theme): void {
  useView.setState({ theme });
  remember(THEME_KEY, theme);
  applyTheme();
}

/** Puts the chosen theme on the document; `system` leaves it to the browser. Call before the first paint. */
export function applyTheme(): void {
  const { theme } = useView.getState();
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}

function themeOf(stored: string | undefined): Theme {
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function cardsOf(stored: string | undefined): readonly Card[] {
  return CARDS.filter((card) => stored?.split(' ').includes(card));
}

// Browsers that refuse storage throw on the mere reading of `localStorage`; the choice then lasts as long as the page.
function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}
