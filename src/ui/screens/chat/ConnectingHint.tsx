import Clock from 'lucide-react/icons/clock';
import { useTransition } from 'react';
import { tryOtherWay } from '../../../state/actions.ts';
import { useOnline } from '../../../state/hooks.ts';
import type { ContactView } from '../../../state/views.ts';
import controls from '../../parts/controls.module.css';
import { Fill } from '../../parts/Fill.tsx';
import { useIsPast } from '../../parts/now.ts';
import { chat } from '../../words/chats.ts';
import styles from './ChatScreen.module.css';

interface ConnectingHintProps {
  readonly contact: ContactView;
}

/** What we wait for, and what can be done when nothing comes. */
export function ConnectingHint({ contact: { id, name, invited, unmet } }: ConnectingHintProps) {
  const online = useOnline();
  const [trying, begin] = useTransition();
  const ended = useIsPast(invited?.endsAt);
  const overdue = useIsPast(invited?.otherWayAt);
  const over = ended ? chat.ended : unmet && unmet !== 'yet' ? chat.unmet[unmet] : undefined;
  if (over !== undefined)
    return (
      <p className={styles['hint']} role="alert">
        <span>
          <Fill sentence={over} name={name} />
        </span>
      </p>
    );
  return (
    <div className={styles['hint']}>
      <Clock size="1rem" aria-hidden="true" />
      <span>{online ? <Fill sentence={chat.waitingFor} name={name} /> : chat.whenOnline}</span>
      {online && overdue && (
        <button
          className={controls['plain']}
          type="button"
          disabled={trying}
          onClick={() => begin(() => tryOtherWay(id))}
        >
          {chat.otherWay}
        </button>
      )}
    </div>
  );
}
