import BellOff from 'lucide-react/icons/bell-off';
import { lazy, Suspense } from 'react';
import { useContact } from '../../../state/hooks.ts';
import type { ContactView } from '../../../state/views.ts';
import { shortMoment } from '../../format.ts';
import { Avatar } from '../../parts/Avatar.tsx';
import { useArrival } from '../../parts/arrival.ts';
import { Fill } from '../../parts/Fill.tsx';
import { BackButton, Screen } from '../../parts/Screen.tsx';
import { chat } from '../../words/chats.ts';
import { fill } from '../../words/fill.ts';
import { AskingBanner } from './AskingBanner.tsx';
import { ContactMenu } from './ContactMenu.tsx';
import { ChatCards } from './ChatCards.tsx';
import styles from './ChatScreen.module.css';
import { Composer } from './Composer.tsx';
import { ConnectingHint } from './ConnectingHint.tsx';
import { Log } from './Log.tsx';

const ClosedNote = lazy(async () => {
  const { ClosedNote } = await import('./ClosedNote.tsx');
  return { default: ClosedNote };
});

interface ChatScreenProps {
  readonly contactId: string;
  /** Another contact has the same name. */
  readonly twin: boolean;
}

export function ChatScreen({ contactId, twin }: ChatScreenProps) {
  const contact = useContact(contactId);
  if (contact === undefined) return null;
  if (contact === 'gone')
    return (
      <Screen heading={chat.gone} back="/chats">
        {null}
      </Screen>
    );
  return (
    <section className={styles['screen']}>
      <ChatHeader contact={contact} twin={twin} />
      {contact.state === 'asking' ? (
        <AskingBanner contact={contact} />
      ) : (
        <>
          <Log key={contactId} contact={contact} />
          {contact.state === 'connecting' && <ConnectingHint contact={contact} />}
          {!contact.isEnded && <ChatCards contactId={contactId} />}
          {contact.isWritable ? (
            <Composer key={contactId} contactId={contactId} />
          ) : (
            <Suspense>
              <ClosedNote contact={contact} />
            </Suspense>
          )}
        </>
      )}
    </section>
  );
}

interface ChatHeaderProps {
  readonly contact: ContactView;
  readonly twin: boolean;
}

function ChatHeader({ contact, twin }: ChatHeaderProps) {
  const arrival = useArrival();
  const { id, name, claimedName, state, verified, muted, madeAt } = contact;
  const marks = [
    verified === 'yes' && chat.verified,
    verified === 'before-change' && chat.verifiedBefore,
    twin && fill(chat.since, { time: shortMoment(madeAt) }),
    muted && chat.muted,
  ].filter((mark) => mark !== false);
  return (
    <header className={styles['header']}>
      <BackButton to="/chats" />
      <Avatar name={name} seed={id} size="small" />
      <div className={styles['who']}>
        {/* The question of the banner is the heading of a chat that is not open yet. */}
        {state === 'asking' ? (
          <p className={styles['name']}>
            <bdi>{name}</bdi>
          </p>
        ) : (
          <h1 className={styles['name']} ref={arrival} tabIndex={-1}>
            <bdi>{name}</bdi>
          </h1>
        )}
        {claimedName !== undefined && claimedName !== name && (
          <p className={styles['claimed']}>
            <Fill sentence={chat.claimed} name={claimedName} />
          </p>
        )}
        {marks.length > 0 && (
          <p className={styles['marks']}>
            {muted && <BellOff size="0.875rem" aria-hidden="true" />}
            <span>{marks.join(' · ')}</span>
          </p>
        )}
      </div>
      <ContactMenu contact={contact} />
    </header>
  );
}
