import { useTransition } from 'react';
import { common } from '../words/shell.ts';
import controls from './controls.module.css';
import { closeDialog } from './Dialog.tsx';

interface DialogButtonsProps {
  /** Says what it does, as what led to the dialog did. */
  readonly confirm: string;
  readonly onConfirm: () => Promise<void>;
  /** It takes something away: a second Enter must not do it, so 'Cancel' has the focus. */
  readonly danger?: boolean;
  readonly disabled?: boolean;
}

/** The two ends of a dialog; either closes it. */
export function DialogButtons(props: DialogButtonsProps) {
  const { confirm, onConfirm, danger = false, disabled = false } = props;
  const [busy, begin] = useTransition();
  const waits = busy || disabled;
  return (
    <div className={controls['actions']}>
      <button
        className={controls[danger ? 'danger' : 'primary']}
        type="button"
        aria-disabled={waits}
        onClick={({ currentTarget }) => {
          if (waits) return;
          begin(async () => {
            await onConfirm();
            closeDialog(currentTarget);
          });
        }}
      >
        {confirm}
      </button>
      <button
        className={controls['button']}
        type="button"
        data-safe={danger || undefined}
        onClick={({ currentTarget }) => closeDialog(currentTarget)}
      >
        {common.cancel}
      </button>
    </div>
  );
}
