import { useLocation } from 'wouter';
import { deleteChat, endRelationship, setBlocked } from '../../../state/contact-actions.ts';
import type { ContactView } from '../../../state/views.ts';
import { chat } from '../../words/chats.ts';
import { contact as words } from '../../words/contact.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { RenameDialog } from './RenameDialog.tsx';
import { VerifyDialog } from './VerifyDialog.tsx';

export type ContactDialog = 'rename' | 'verify' | 'block' | 'end' | 'remove';

interface ContactDialogsProps {
  readonly contact: ContactView;
  readonly open: ContactDialog;
  readonly onClose: () => void;
}

/** The dialogs behind 'Contact options'. */
export function ContactDialogs({ contact, open, onClose }: ContactDialogsProps) {
  const [, navigate] = useLocation();
  const { id, name, isEnded } = contact;
  switch (open) {
    case 'rename':
      return <RenameDialog contact={contact} onClose={onClose} />;
    case 'verify':
      return <VerifyDialog contact={contact} onClose={onClose} />;
    case 'block':
      return (
        <ConfirmDialog
          {...words.block}
          name={name}
          confirm={chat.block}
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
          onConfirm={() => endRelationship(id)}
          onClose={onClose}
        />
      );
    case 'remove':
      return (
        <ConfirmDialog
          heading={words.remove.heading}
          note={isEnded ? words.remove.noteEnded : words.remove.noteOpen}
          name={name}
          confirm={chat.remove}
          onConfirm={async () => {
            await deleteChat(id);
            if (isEnded) navigate('/chats');
          }}
          onClose={onClose}
        />
      );
  }
}
