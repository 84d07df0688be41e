import { useTransition } from 'react';
import { reconnect } from '../../../state/contact-actions.ts';
import { show } from '../../../state/view.ts';
import type { ContactView } from '../../../state/views.ts';
import controls from '../../parts/controls.module.css';
import { Fill } from '../../parts/Fill.tsx';
import { chat } from '../../words/chats.ts';
import { ended } from '../../words/contact.ts';
import { fill } from '../../words/fill.ts';
import styles from './ChatScreen.module.css';

interface ClosedNoteProps {
  readonly contact: ContactView;
}

/** Why nothing can be written here, in the composer's place. */
export function ClosedNote({ contact }: ClosedNoteProps) {
  const { id, name, state } = contact;
  const [busy, begin] = useTransition();
  const open = contact.blocked ? chat.blocked : contact.agent ? chat.agent : chat.textless;
  const sentence = contact.isEnded ? ended[state] : open;
  return (
    <div className={styles['closed']}>
      <p role="status">{sentence !== undefined && <Fill sentence={sentence} name={name} />}</p>
      {state === 'left' && (
        <button
          className={controls['button']}
          type="button"
          aria-disabled={busy}
          onClick={() => {
            if (busy) return;
            begin(async () => {
              await reconnect(id);
              show(fill(chat.reconnected, { name }), { role: 'status' });
            });
          }}
        >
          {chat.reconnect}
        </button>
      )}
    </div>
  );
}
