import ChevronDown from 'lucide-react/icons/chevron-down';
import { Fragment, useLayoutEffect, useRef, useState } from 'react';
import { useMessages } from '../../../state/hooks.ts';
import type { ContactView, MessagesView } from '../../../state/views.ts';
import { dayLabel } from '../../format.ts';
import { Avatar } from '../../parts/Avatar.tsx';
import { Fill } from '../../parts/Fill.tsx';
import { useNow } from '../../parts/now.ts';
import { chat } from '../../words/chats.ts';
import { fill } from '../../words/fill.ts';
import { BubbleRow } from './BubbleRow.tsx';
import styles from './Log.module.css';
import { timeline } from './timeline.ts';
import { useIncoming } from './incoming.ts';

interface LogProps {
  readonly contact: ContactView;
}

const WINDOW = 100;
const NEAR_PX = 48;

/** The newest messages, and older ones as the person scrolls up. Not live: history would be read out as it loads. */
export function Log({ contact }: LogProps) {
  const [newest, setNewest] = useState(WINDOW);
  const view = useLast(useMessages(contact.id, newest));
  const [atEnd, setAtEnd] = useState(true);
  const scroller = useStay(view, atEnd);
  const spoken = useIncoming(contact, view, atEnd);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const below = -element.scrollTop;
    const above = element.scrollHeight - element.clientHeight - below;
    setAtEnd(below < NEAR_PX);
    const loaded = view?.messages.length ?? 0;
    if (view && above < element.clientHeight * 1.5 && loaded < view.total && loaded >= newest)
      setNewest(newest + WINDOW);
  };

  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        className={styles['scroller']}
        onScroll={onScroll}
        role="log"
        aria-live="off"
        aria-label={fill(chat.log, { name: contact.name })}
        tabIndex={0}
      >
        <div className={styles['column']}>{view && <Days contact={contact} view={view} />}</div>
      </div>
      {!atEnd && (
        <button
          className={styles['newest']}
          type="button"
          aria-label={chat.newest}
          onClick={() => scroller.current?.scrollTo({ top: 0 })}
        >
          <ChevronDown size="1.375rem" aria-hidden="true" />
        </button>
      )}
      <p className="hidden-text" role="status">
        {spoken}
      </p>
    </div>
  );
}

interface DaysProps {
  readonly contact: ContactView;
  readonly view: MessagesView;
}

function Days({ contact, view }: DaysProps) {
  const now = useNow();
  if (view.total === 0)
    return (
      <div className={styles['empty']}>
        <Avatar name={contact.name} seed={contact.id} size="large" />
        <p>
          <Fill sentence={emptySentence(contact)} name={contact.name} />
        </p>
      </div>
    );
  const newestOwn = view.messages.findLast(({ mine }) => mine)?.id;
  return timeline(view.messages, view.total).map((entry) => (
    <Fragment key={entry.message.id}>
      {entry.opensDay && <p className={styles['day']}>{dayLabel(entry.message.at, now)}</p>}
      <BubbleRow
        message={entry.message}
        name={contact.name}
        position={entry.position}
        total={view.total}
        first={entry.first}
        last={entry.last}
        mayRetry={contact.isWritable}
        newestOwn={entry.message.id === newestOwn}
      />
    </Fragment>
  ));
}

const emptySentence = ({ agent, state, isWritable, blocked }: ContactView): string => {
  if (agent || (state === 'connected' && !isWritable && !blocked))
    return state === 'connecting' ? chat.agentConnecting : chat.agentConnected;
  return state === 'connecting' ? chat.noMessagesConnecting : chat.noMessages;
};

/** A larger window takes a moment to read: until then the smaller one stays on screen. */
function useLast(view: MessagesView | undefined): MessagesView | undefined {
  const [last, setLast] = useState(view);
  if (view !== undefined && view !== last) setLast(view);
  return view ?? last;
}

/** What is being read stays where it is while new messages arrive below it; one's own message is always shown. */
function useStay(view: MessagesView | undefined, atEnd: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef({ newest: '', height: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const newest = view?.messages.at(-1);
    const grown = element.scrollHeight - before.current.height;
    if (newest && newest.id !== before.current.newest) {
      if (newest.mine) element.scrollTop = 0;
      else if (!atEnd) element.scrollTop -= grown;
    }
    before.current = { newest: newest?.id ?? '', height: element.scrollHeight };
  }, [view, atEnd]);
  return scroller;
}
