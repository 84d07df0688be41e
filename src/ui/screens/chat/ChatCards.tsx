import { useTransition } from 'react';
import { askForNotifications } from '../../../state/actions.ts';
import { useMessages, useNotifications } from '../../../state/hooks.ts';
import { dismissCard, setInstallPrompt, useView, type Card } from '../../../state/view.ts';
import controls from '../../parts/controls.module.css';
import { cards } from '../../words/chats.ts';
import { common } from '../../words/shell.ts';
import styles from './ChatScreen.module.css';

interface ChatCardsProps {
  readonly contactId: string;
}

/** One offer at a time: installing after the first own message, notices after the first reply. */
export function ChatCards({ contactId }: ChatCardsProps) {
  const messages = useMessages(contactId, 20)?.messages ?? [];
  const dismissed = useView((view) => view.dismissedCards);
  const installPrompt = useView((view) => view.installPrompt);
  const notifications = useNotifications();
  const wrote = messages.some(({ mine }) => mine);
  const answered = wrote && messages.some(({ mine }) => !mine);

  if (wrote && installPrompt && !dismissed.includes('install'))
    return (
      <Offer
        card="install"
        text={cards.install}
        button={cards.installButton}
        onAccept={async () => {
          setInstallPrompt(undefined); // a prompt can be shown once
          await installPrompt.prompt();
        }}
      />
    );
  if (answered && notifications === 'default' && !dismissed.includes('notifications'))
    return (
      <Offer
        card="notifications"
        text={cards.notifications}
        button={cards.notificationsButton}
        onAccept={askForNotifications}
      />
    );
  return null;
}

interface OfferProps {
  readonly card: Card;
  readonly text: string;
  readonly button: string;
  readonly onAccept: () => Promise<unknown>;
}

function Offer({ card, text, button, onAccept }: OfferProps) {
  const [, begin] = useTransition();
  return (
    <aside className={styles['card']} aria-label={button}>
      <p>{text}</p>
      <div className={controls['actions']}>
        <button
          className={controls['primary']}
          type="button"
          onClick={() =>
            begin(async () => {
              dismissCard(card);
              await onAccept();
            })
          }
        >
          {button}
        </button>
        <button className={controls['plain']} type="button" onClick={() => dismissCard(card)}>
          {common.notNow}
        </button>
      </div>
    </aside>
  );
}
