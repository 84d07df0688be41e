import X from 'lucide-react/icons/x';
import { useEffect } from 'react';
import { dismissToast, useView, type Toast } from '../../state/view.ts';
import { common } from '../words/shell.ts';
import controls from './controls.module.css';
import styles from './Toasts.module.css';

const SHOWN_MS = 6_000;

/**
 * The polite region is always in the document: one that appears together with its text is often not read
 * out. An alert is read when it appears, and a screen without a refusal has none.
 */
export function Toasts() {
  const toast = useView((view) => view.toast);
  return (
    <div className={styles['toasts']}>
      <div role="status">{toast?.role === 'status' && <Note key={toast.id} toast={toast} />}</div>
      {toast?.role === 'alert' && (
        <div role="alert">
          <Note key={toast.id} toast={toast} />
        </div>
      )}
    </div>
  );
}

interface NoteProps {
  readonly toast: Toast;
}

/** An alert stays until it is dismissed; a status goes by itself. */
function Note({ toast }: NoteProps) {
  useEffect(() => {
    if (toast.role === 'alert') return undefined;
    const timer = setTimeout(() => dismissToast(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  const tone = toast.role === 'alert' ? (styles['alert'] ?? '') : '';
  return (
    <div className={`${styles['toast'] ?? ''} ${tone}`}>
      <span className={styles['text']}>{toast.text}</span>
      <button
        className={controls['icon']}
        type="button"
        aria-label={common.dismiss}
        onClick={() => dismissToast(toast.id)}
      >
        <X size="1.25rem" aria-hidden="true" />
      </button>
    </div>
  );
}
