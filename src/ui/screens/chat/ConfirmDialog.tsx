import { Dialog } from '../../parts/Dialog.tsx';
import { DialogButtons } from '../../parts/DialogButtons.tsx';
import { Fill } from '../../parts/Fill.tsx';

interface ConfirmDialogProps {
  readonly name: string;
  readonly heading: string;
  /** What will happen, in one sentence or two. */
  readonly note: string;
  /** The name of the menu item that led here. */
  readonly confirm: string;
  readonly danger?: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back by a tap. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { name, heading, note, onClose, ...buttons } = props;
  return (
    <Dialog heading={heading} onClose={onClose}>
      <p>
        <Fill sentence={note} name={name} />
      </p>
      <DialogButtons {...buttons} />
    </Dialog>
  );
}
