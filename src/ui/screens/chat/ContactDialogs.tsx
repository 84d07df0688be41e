import { useLocation } from 'wouter';
import {
  changeAddress,
  deleteChat,
  endRelationship,
  setBlocked,
} from '../../../state/contact-actions.ts';
import { useOnline } from '../../../state/hooks.ts';
import { show } from '../../../state/view.ts';
import type { ContactView } from '../../../state/views.ts';
import { chat } from '../../words/chats.ts';
import { contact as words } from '../../words/contact.ts';
import { fill } from '../../words/fill.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { RenameDialog } from './RenameDialog.tsx';
import { VerifyDialog } from './VerifyDialog.tsx';

export type ContactDialog = 'rename' | 'verify' | 'move' | 'block' | 'end' | 'remove';

interface ContactDialogsProps {
  readonly contact: ContactView;
  readonly open: ContactDialog;
  readonly onClose: () => void;
}

/** The dialogs behind 'Contact options'. */
export function ContactDialogs({ contact, open, onClose }: ContactDialogsProps) {
  const [, navigate] = useLocation();
  const online = useOnline();
  const { id, name, verified } = contact;
  const goes = contact.isEnded || contact.unmet !== undefined;
  switch (open) {
    case 'rename':
      return <RenameDialog contact={contact} onClose={onClose} />;
    case 'verify':
      return <VerifyDialog contact={contact} onClose={onClose} />;
    case 'move': {
      const { heading, note, noteVerified, done, doneOffline, noMailbox } = words.move;
      return (
        <ConfirmDialog
          heading={heading}
          note={verified === 'yes' ? `${note} ${noteVerified}` : note}
          name={name}
          confirm={chat.move}
          onConfirm={async () => {
            if (await changeAddress(id))
              show(fill(online ? done : doneOffline, { name }), { role: 'status' });
            else show(noMailbox, { role: 'alert' });
          }}
          onClose={onClose}
        />
      );
    }
    case 'block':
      return (
        <ConfirmDialog
          {...words.block}
          name={name}
          confirm={chat.block}
          danger
          onConfirm={() => setBlocked(id, true)}
          onClose={onClose}
        />
      );
    case 'end':
      return (
        <ConfirmDialog
          {...words.end}
          name={name}
          confirm={chat.end}
          danger
          onConfirm={() => endRelationship(id)}
          onClose={onClose}
        />
      );
    case 'remove':
      return (
        <ConfirmDialog
          heading={words.remove.heading}
          note={goes ? words.remove.noteEnded : words.remove.noteOpen}
          name={name}
          confirm={chat.remove}
          danger
          onConfirm={async () => {
            await deleteChat(id);
            if (goes) navigate('/chats');
          }}
          onClose={onClose}
        />
      );
  }
}
