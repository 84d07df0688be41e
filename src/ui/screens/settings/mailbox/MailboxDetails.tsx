import type { MailboxView } from '../../../../state/views.ts';
import controls from '../../../parts/controls.module.css';
import { Facts } from '../../../parts/Facts.tsx';
import { mailbox as words } from '../../../words/mailbox.ts';
import styles from '../Settings.module.css';

interface MailboxDetailsProps {
  readonly mailbox: Extract<MailboxView, { kind: 'ready' }>;
}

/** What the standard calls it, for who looks for that. */
export const MailboxDetails = ({ mailbox }: MailboxDetailsProps) => (
  <details className={styles['details']}>
    <summary>{words.details}</summary>
    <div className={controls['stack']}>
      <p className={controls['note']}>{words.detailsLead}</p>
      <Facts
        facts={[
          [words.speaks, words.versions(mailbox.mediation, mailbox.pickup)],
          [words.mediatorDid, mailbox.mediatorDid],
          [words.routingDid, mailbox.routingDid],
        ]}
      />
    </div>
  </details>
);
