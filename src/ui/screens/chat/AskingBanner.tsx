import { useTransition } from 'react';
import { useLocation } from 'wouter';
import { acceptRequest, declineRequest } from '../../../state/actions.ts';
import type { ContactView } from '../../../state/views.ts';
import { Question } from '../../parts/Question.tsx';
import { chat } from '../../words/chats.ts';
import styles from './ChatScreen.module.css';

interface AskingBannerProps {
  readonly contact: ContactView;
}

/** Somebody answered an invitation that asks its owner first. */
export function AskingBanner({ contact }: AskingBannerProps) {
  const [busy, begin] = useTransition();
  const [, navigate] = useLocation();
  return (
    <div className={styles['asking']}>
      <Question
        name={contact.name}
        seed={contact.id}
        note={chat.asking}
        busy={busy}
        onAccept={() => begin(() => acceptRequest(contact.id))}
        onDecline={() =>
          begin(async () => {
            await declineRequest(contact.id);
            navigate('/chats');
          })
        }
      />
    </div>
  );
}
