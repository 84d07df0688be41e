import { useEffect, useId, useRef, type ReactNode } from 'react';
import styles from './Dialog.module.css';

interface DialogProps {
  readonly heading: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Closes the dialog around `element` the way Esc does; the focus returns to where it was. */
export const closeDialog = (element: Element): void => element.closest('dialog')?.close();

/** Modal and native: the browser keeps the focus inside and gives it back. */
export function Dialog({ heading, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element?.open !== false) return;
    element.showModal();
    element.querySelector<HTMLElement>('[data-safe]')?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close(); // the backdrop
      }}
    >
      <div className={styles['content']}>
        <h2 id={id}>{heading}</h2>
        {children}
      </div>
    </dialog>
  );
}
