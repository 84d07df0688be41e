import { useTransition } from 'react';
import controls from '../../parts/controls.module.css';
import { closeDialog, Dialog } from '../../parts/Dialog.tsx';
import { Fill } from '../../parts/Fill.tsx';
import { common } from '../../words/shell.ts';

interface ConfirmDialogProps {
  readonly name: string;
  readonly heading: string;
  /** What will happen, in one sentence. */
  readonly note: string;
  /** The name of the menu item that led here. */
  readonly confirm: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back by a tap. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { name, heading, note, confirm, onConfirm, onClose } = props;
  const [busy, begin] = useTransition();
  return (
    <Dialog heading={heading} onClose={onClose}>
      <p>
        <Fill sentence={note} name={name} />
      </p>
      <div className={controls['actions']}>
        <button
          className={controls['primary']}
          type="button"
          aria-disabled={busy}
          onClick={({ currentTarget }) => {
            if (busy) return;
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
          onClick={({ currentTarget }) => closeDialog(currentTarget)}
        >
          {common.cancel}
        </button>
      </div>
    </Dialog>
  );
}
