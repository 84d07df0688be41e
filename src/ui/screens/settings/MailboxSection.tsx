import { useMailbox } from '../../../state/hooks.ts';
import { dateAndTime } from '../../format.ts';
import controls from '../../parts/controls.module.css';
import { Facts } from '../../parts/Facts.tsx';
import { useNow } from '../../parts/now.ts';
import { TextSkeleton } from '../../parts/Skeleton.tsx';
import { noMailboxWords, settings } from '../../words/settings.ts';

export function MailboxSection() {
  const mailbox = useMailbox();
  const now = useNow();
  if (!mailbox) return <TextSkeleton />;
  const words = settings.mailbox;
  return (
    <>
      <p className={controls['note']}>{words.lead}</p>
      {mailbox.kind === 'none' ? (
        <p role="status">{noMailboxWords(mailbox.lastError)}</p>
      ) : (
        <Facts
          facts={[
            [words.host, mailbox.host],
            [words.live, mailbox.live ? words.liveNow : words.liveLater],
            [
              words.fetched,
              mailbox.lastFetchAt === undefined
                ? words.never
                : dateAndTime(mailbox.lastFetchAt, now),
            ],
          ]}
        />
      )}
    </>
  );
}
