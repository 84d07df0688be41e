import { useState, useTransition } from 'react';
import { Link } from 'wouter';
import { reconnect } from '../../../state/contact-actions.ts';
import { show } from '../../../state/view.ts';
import type { ContactView } from '../../../state/views.ts';
import controls from '../../parts/controls.module.css';
import { Fill } from '../../parts/Fill.tsx';
import { chat, chats } from '../../words/chats.ts';
import { ended } from '../../words/contact.ts';
import { fill } from '../../words/fill.ts';
import styles from './ChatScreen.module.css';
import { ContactDialogs } from './ContactDialogs.tsx';

interface ClosedNoteProps {
  readonly contact: ContactView;
}

/** Why nothing can be written here, in the composer's place. */
export function ClosedNote({ contact }: ClosedNoteProps) {
  const { id, name, state } = contact;
  const [busy, begin] = useTransition();
  const [removing, setRemoving] = useState(false);
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
      {state === 'void' && (
        <div className={controls['actions']}>
          <Link className={controls['primary']} to="/scan">
            {chats.scanACode}
          </Link>
          <button className={controls['button']} type="button" onClick={() => setRemoving(true)}>
            {chat.remove}
          </button>
        </div>
      )}
      {removing && (
        <ContactDialogs contact={contact} open="remove" onClose={() => setRemoving(false)} />
      )}
    </div>
  );
}
