import { useState, useTransition, type SubmitEvent } from 'react';
import { cleanDisplayName } from '../../../lib/display-name.ts';
import { renameContact } from '../../../state/actions.ts';
import type { ContactView } from '../../../state/views.ts';
import controls from '../../parts/controls.module.css';
import { closeDialog, Dialog } from '../../parts/Dialog.tsx';
import { Fill } from '../../parts/Fill.tsx';
import { chat } from '../../words/chats.ts';
import { common } from '../../words/shell.ts';

interface RenameDialogProps {
  readonly contact: ContactView;
  readonly onClose: () => void;
}

export function RenameDialog({ contact, onClose }: RenameDialogProps) {
  const [name, setName] = useState(contact.name);
  const [busy, begin] = useTransition();
  const { claimedName } = contact;

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (busy) return;
    const clean = cleanDisplayName(name);
    begin(async () => {
      await renameContact(contact.id, clean === claimedName ? '' : clean);
      closeDialog(form);
    });
  };

  return (
    <Dialog heading={chat.renameHeading} onClose={onClose}>
      <form className={controls['stack']} onSubmit={save}>
        <div className={controls['field']}>
          <label className={controls['label']} htmlFor="rename">
            {chat.renameField}
          </label>
          <input
            id="rename"
            className={controls['input']}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onFocus={(event) => event.currentTarget.select()}
            dir="auto"
            maxLength={200}
            autoComplete="off"
            aria-describedby="rename-note"
          />
          <p className={controls['note']} id="rename-note">
            {claimedName === undefined ? (
              chat.renameNote
            ) : (
              <Fill sentence={chat.renameNoteClaimed} name={claimedName} />
            )}
          </p>
        </div>
        <div className={controls['actions']}>
          <button className={controls['primary']} type="submit" aria-disabled={busy}>
            {common.save}
          </button>
          <button
            className={controls['button']}
            type="button"
            onClick={(event) => closeDialog(event.currentTarget)}
          >
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
