import BellOff from 'lucide-react/icons/bell-off';
import Link2 from 'lucide-react/icons/link-2';
import MessageCircle from 'lucide-react/icons/message-circle';
import { memo } from 'react';
import { Link } from 'wouter';
import { useOnline, useWaitingCodes } from '../../state/hooks.ts';
import type { ChatRowView } from '../../state/views.ts';
import { rowTime, shortMoment } from '../format.ts';
import { Avatar } from '../parts/Avatar.tsx';
import controls from '../parts/controls.module.css';
import { Empty } from '../parts/Empty.tsx';
import { useNow } from '../parts/now.ts';
import screen from '../parts/Screen.module.css';
import { RowsSkeleton } from '../parts/Skeleton.tsx';
import { chat, chats, delivery } from '../words/chats.ts';
import { fill } from '../words/fill.ts';
import styles from './ChatList.module.css';

interface ChatListProps {
  readonly rows: readonly ChatRowView[] | undefined;
  /** Contacts whose name another one has too. */
  readonly twins: ReadonlySet<string>;
  readonly open: string | undefined;
}

export function ChatList({ rows, twins, open }: ChatListProps) {
  const now = useNow();
  return (
    <section className={screen['screen']}>
      <header className={screen['header']}>
        <h1 tabIndex={-1}>{chats.heading}</h1>
      </header>
      <div className={styles['scroller']}>
        {rows ? (
          <ul className={styles['list']} aria-label={chats.heading}>
            <WaitingCodes />
            {rows.map((row) => (
              <Row
                key={row.contact.id}
                row={row}
                now={now}
                twin={twins.has(row.contact.id)}
                current={row.contact.id === open}
              />
            ))}
            {rows.length === 0 && <NoChats />}
          </ul>
        ) : (
          <RowsSkeleton />
        )}
      </div>
    </section>
  );
}

/** Links that were opened and wait: for the network, or for an answer. */
function WaitingCodes() {
  const codes = useWaitingCodes();
  const online = useOnline();
  const words = (opened: boolean): string => {
    if (opened) return chats.invitationReady;
    return online ? chats.invitationOpening : chats.invitationOffline;
  };
  return codes?.map(({ intentId, opened }) => (
    <li key={intentId} className={styles['row']}>
      <span className={styles['icon']}>
        <Link2 size="1.25rem" aria-hidden="true" />
      </span>
      <Link
        className={styles['name']}
        to={`/connect/${encodeURIComponent(intentId)}`}
        aria-describedby={`intent-${intentId}`}
      >
        {chats.invitation}
      </Link>
      <span
        className={`${styles['preview'] ?? ''} ${opened ? (styles['asking'] ?? '') : ''}`}
        id={`intent-${intentId}`}
      >
        {words(opened)}
      </span>
    </li>
  ));
}

const NoChats = () => (
  <li>
    <Empty icon={<MessageCircle size="1.75rem" aria-hidden="true" />}>
      <p>{chats.empty}</p>
      <div className={styles['links']}>
        <Link className={controls['primary']} to="/invite">
          {chats.inviteSomeone}
        </Link>
        <Link className={controls['button']} to="/scan">
          {chats.scanACode}
        </Link>
      </div>
    </Empty>
  </li>
);

interface RowProps {
  readonly row: ChatRowView;
  readonly now: number;
  readonly twin: boolean;
  readonly current: boolean;
}

/** The link is named exactly by the contact and covers the row; all else that the row shows describes it. */
const Row = memo(function Row({ row, now, twin, current }: RowProps) {
  const { contact, unread } = row;
  const id = `row-${contact.id}`;
  return (
    <li
      className={`${styles['row'] ?? ''} ${unread > 0 ? (styles['unread'] ?? '') : ''}`}
      data-current={current}
    >
      <span className={styles['avatar']}>
        <Avatar name={contact.name} seed={contact.id} />
      </span>
      <Link
        id={id}
        className={styles['name']}
        to={`/chats/${encodeURIComponent(contact.id)}`}
        aria-describedby={`${id}-since ${id}-preview ${id}-time ${id}-muted ${id}-unread`}
        aria-current={current ? 'true' : undefined}
      >
        <bdi>{contact.name}</bdi>
      </Link>
      <span className={styles['time']}>
        {contact.muted && (
          <>
            <BellOff size="0.9375rem" aria-hidden="true" />
            <span className="hidden-text" id={`${id}-muted`}>
              {chat.muted}
            </span>
          </>
        )}
        <time id={`${id}-time`}>{rowTime(row.at, now)}</time>
      </span>
      {twin && (
        <span className={styles['since']} id={`${id}-since`}>
          {fill(chat.since, { time: shortMoment(contact.madeAt) })}
        </span>
      )}
      <Preview row={row} id={`${id}-preview`} />
      {unread > 0 && (
        <span className={styles['badge']} id={`${id}-unread`}>
          <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
          <span className="hidden-text">{fill(chats.unread, { count: unread })}</span>
        </span>
      )}
    </li>
  );
});

interface PreviewProps {
  readonly row: ChatRowView;
  readonly id: string;
}

function Preview({ row: { contact, last }, id }: PreviewProps) {
  const tone =
    contact.state === 'asking' ? 'asking' : last?.delivery === 'failed' ? 'failed' : undefined;
  return (
    <span
      className={`${styles['preview'] ?? ''} ${tone === undefined ? '' : (styles[tone] ?? '')}`}
      id={id}
      dir="auto"
    >
      {previewText({ contact, last })}
    </span>
  );
}

function previewText({ contact, last }: Pick<ChatRowView, 'contact' | 'last'>): string {
  if (contact.state === 'asking') return chats.asking;
  if (contact.state === 'void') return chats.void;
  if (contact.isEnded) return chats.ended;
  if (contact.blocked) return chats.blocked;
  if (last?.delivery === 'failed') return `${delivery.failed}: ${last.text}`;
  if (last) return last.mine ? fill(chats.you, { text: last.text }) : last.text;
  return contact.state === 'connecting' ? chats.connecting : chats.noMessages;
}
