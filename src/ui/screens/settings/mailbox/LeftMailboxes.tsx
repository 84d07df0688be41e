import type { LeftMailboxView } from '../../../../state/views.ts';
import { dateAndTime } from '../../../format.ts';
import controls from '../../../parts/controls.module.css';
import { Facts } from '../../../parts/Facts.tsx';
import { useNow } from '../../../parts/now.ts';
import { mailbox as words } from '../../../words/mailbox.ts';

interface LeftMailboxesProps {
  readonly left: readonly LeftMailboxView[];
}

/** Mailboxes that were in use before, while somebody may still write to them. */
export function LeftMailboxes({ left }: LeftMailboxesProps) {
  const now = useNow();
  if (left.length === 0) return null;
  return (
    <section className={controls['stack']}>
      <h2>{words.leftHeading}</h2>
      <p className={controls['note']}>{words.leftLead}</p>
      {left.map(({ host, users, untilAt }) => (
        <Facts
          key={host}
          facts={[
            [words.host, host],
            [words.users, String(users)],
            [words.until, dateAndTime(untilAt, now)],
          ]}
        />
      ))}
    </section>
  );
}
