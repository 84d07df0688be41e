import X from 'lucide-react/icons/x';
import { useEffect, useRef } from 'react';
import controls from '../parts/controls.module.css';
import { common } from '../words/shell.ts';
import { invite } from '../words/invite.ts';
import styles from './InviteScreen.module.css';
import { QrCode } from './QrCode.tsx';

interface FullScreenCodeProps {
  readonly url: string;
  readonly short: boolean;
  readonly onClose: () => void;
}

/** The code alone on white, as large as the screen allows, which stays awake meanwhile. A tap or Esc closes it. */
export function FullScreenCode({ url, short, onClose }: FullScreenCodeProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    return stayAwake();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles['full']}
      aria-label={invite.heading}
      onClose={onClose}
      onClick={(event) => event.currentTarget.close()}
    >
      <button
        className={`${controls['icon'] ?? ''} ${styles['close'] ?? ''}`}
        type="button"
        aria-label={common.close}
      >
        <X size="1.5rem" aria-hidden="true" />
      </button>
      <QrCode url={url} short={short} unbounded />
    </dialog>
  );
}

/** A wish: browsers refuse it on low battery, and some do not have it. */
function stayAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  const lock = navigator.wakeLock.request('screen').catch((): undefined => undefined);
  return () => void lock.then((held) => held?.release());
}
