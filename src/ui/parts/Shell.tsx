import IdCard from 'lucide-react/icons/id-card';
import MessageCircle from 'lucide-react/icons/message-circle';
import QrCode from 'lucide-react/icons/qr-code';
import ScanLine from 'lucide-react/icons/scan-line';
import Settings from 'lucide-react/icons/settings';
import { useEffect, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { Icon as IconType } from './icon.ts';
import { useOnline, useUnreadTotal } from '../../state/hooks.ts';
import { useView } from '../../state/view.ts';
import { app, common, nav } from '../words/shell.ts';
import { Mark } from './Mark.tsx';
import styles from './Shell.module.css';
import { Toasts } from './Toasts.tsx';

interface ShellProps {
  readonly children: ReactNode;
}

/** What is on every screen of an open wallet: navigation, the offline chip, notices, the window's title. */
export function Shell({ children }: ShellProps) {
  useTitle();
  return (
    <div className={styles['shell']}>
      <div className={styles['strips']}>
        <OfflineChip />
        <UpdateNotice />
      </div>
      <Navigation />
      <main className={styles['main']}>{children}</main>
      <Toasts />
    </div>
  );
}

/** Unread count and screen; never a contact's name, which the browser would keep in its history in plain text. */
function useTitle(): void {
  const unread = useUnreadTotal();
  const [path] = useLocation();
  useEffect(() => {
    const [first = '', second] = path.split('/').filter(Boolean);
    const screen = first === 'chats' && second !== undefined ? 'chat' : first;
    const title = isTitled(screen) ? `${app.titles[screen]} – ${app.name}` : app.name;
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  }, [unread, path]);
}

const isTitled = (screen: string): screen is keyof typeof app.titles =>
  Object.hasOwn(app.titles, screen);

function OfflineChip() {
  const offline = !useOnline();
  return (
    <div
      className={styles['strip']}
      role="status"
      aria-label={offline ? common.offline : undefined}
    >
      {offline && common.offlineNote}
    </div>
  );
}

/** Takes room of its own instead of covering a screen: it stays until the person answers it. */
function UpdateNotice() {
  const applyUpdate = useView((view) => view.applyUpdate);
  return (
    <div className={styles['update']} role="status">
      {applyUpdate && (
        <>
          <span>{common.updateReady}</span>
          <button className={styles['updateNow']} type="button" onClick={applyUpdate}>
            {common.updateNow}
          </button>
        </>
      )}
    </div>
  );
}

function Navigation() {
  return (
    <nav className={styles['nav']} aria-label={nav.label}>
      <span className={styles['mark']}>
        <Mark size="2.75rem" />
      </span>
      <Place to="/chats" label={nav.chats} Icon={MessageCircle} />
      <Action to="/scan" label={nav.scan} Icon={ScanLine} />
      <Action to="/invite" label={nav.invite} Icon={QrCode} />
      <Place to="/credentials" label={nav.credentials} Icon={IdCard} />
      <Place to="/settings" label={nav.settings} Icon={Settings} className={styles['settings']} />
    </nav>
  );
}

interface ItemProps {
  readonly to: string;
  readonly label: string;
  readonly Icon: IconType;
  readonly className?: string | undefined;
}

const useCurrent = (to: string): 'page' | undefined => {
  const [path] = useLocation();
  return path === to || path.startsWith(`${to}/`) ? 'page' : undefined;
};

function Place({ to, label, Icon, className }: ItemProps) {
  return (
    <Link
      to={to}
      className={`${styles['item'] ?? ''} ${className ?? ''}`}
      aria-current={useCurrent(to)}
    >
      <Glyph Icon={Icon} />
      {label}
    </Link>
  );
}

function Action({ to, label, Icon }: ItemProps) {
  const [, navigate] = useLocation();
  return (
    <button
      type="button"
      className={styles['item']}
      aria-current={useCurrent(to)}
      onClick={() => navigate(to)}
    >
      <Glyph Icon={Icon} />
      {label}
    </button>
  );
}

interface GlyphProps {
  readonly Icon: IconType;
}

const Glyph = ({ Icon }: GlyphProps) => (
  <span className={styles['glyph']}>
    <Icon size="1.375rem" aria-hidden="true" />
  </span>
);
