import Check from 'lucide-react/icons/check';
import CheckCheck from 'lucide-react/icons/check-check';
import CircleAlert from 'lucide-react/icons/circle-alert';
import Clock from 'lucide-react/icons/clock';
import { memo, useTransition } from 'react';
import type { Icon as IconType } from '../../parts/icon.ts';
import { retryMessage } from '../../../state/actions.ts';
import type { DeliveryState, MessageView } from '../../../state/views.ts';
import { timeOfDay } from '../../format.ts';
import controls from '../../parts/controls.module.css';
import { Fill } from '../../parts/Fill.tsx';
import { chat, delivery, failures } from '../../words/chats.ts';
import { common } from '../../words/shell.ts';
import { fill } from '../../words/fill.ts';
import styles from './Log.module.css';

interface BubbleRowProps {
  readonly message: MessageView;
  readonly name: string;
  readonly position: number;
  readonly total: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly newestOwn: boolean;
  readonly mayRetry: boolean;
}

/** One message: an article named "{sender}, {time}". */
export const BubbleRow = memo(function BubbleRow(props: BubbleRowProps) {
  const { message, name, position, total, first, last, newestOwn, mayRetry } = props;
  const { mine, text, at, delivery: state, failure } = message;
  const time = timeOfDay(at);
  const kinds = [
    'article',
    mine ? 'mine' : 'theirs',
    ...(first ? ['first'] : []),
    ...(last ? ['last'] : []),
    ...(state === 'failed' ? ['failed'] : []),
  ];
  return (
    <article
      className={kinds.map((kind) => styles[kind] ?? '').join(' ')}
      aria-label={fill(chat.article, { sender: mine ? chat.you : name, time })}
      aria-posinset={position}
      aria-setsize={total}
    >
      <div className={styles['bubble']}>
        <div className={styles['content']} dir="auto">
          <span className={styles['text']}>{message.expired ? <em>{chat.expired}</em> : text}</span>
          <span className={styles['meta']}>
            <time dir="ltr" dateTime={new Date(at).toISOString()}>
              {time}
            </time>
            {state && <State state={state} spelled={newestOwn || mustBeSeen(state)} />}
          </span>
        </div>
      </div>
      {state === 'failed' && failure && (
        <Failure message={message} name={name} reason={failure} mayRetry={mayRetry} />
      )}
    </article>
  );
});

const mustBeSeen = (state: DeliveryState): boolean => state === 'waiting' || state === 'failed';

const icons: Readonly<Record<DeliveryState, IconType>> = {
  waiting: Clock,
  sent: Check,
  delivered: CheckCheck,
  failed: CircleAlert,
};

interface StateProps {
  readonly state: DeliveryState;
  /** As a word, or as an icon whose word only readers get. */
  readonly spelled: boolean;
}

function State({ state, spelled }: StateProps) {
  const Icon = icons[state];
  return (
    <>
      <span className={spelled ? undefined : 'hidden-text'}>{delivery[state]}</span>
      <Icon size="0.9375rem" aria-hidden="true" />
    </>
  );
}

interface FailureProps {
  readonly message: MessageView;
  readonly name: string;
  readonly reason: NonNullable<MessageView['failure']>;
  readonly mayRetry: boolean;
}

function Failure({ message: { id, report }, name, reason, mayRetry }: FailureProps) {
  const [busy, begin] = useTransition();
  return (
    <div className={styles['reason']}>
      <span>
        <Fill sentence={failures[reason]} name={name} />
        {report !== undefined && <> {fill(chat.reported, { text: report })}</>}
      </span>
      {mayRetry && (
        <button
          className={controls['plain']}
          type="button"
          aria-disabled={busy}
          onClick={() => {
            if (!busy) begin(() => retryMessage(id));
          }}
        >
          {common.tryAgain}
        </button>
      )}
    </div>
  );
}
