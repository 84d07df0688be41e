import { useMailbox } from '../../../state/mailbox.ts';
import { setMailboxCode, useView } from '../../../state/view.ts';
import { dateAndTime } from '../../format.ts';
import { Alert } from '../../parts/Alert.tsx';
import controls from '../../parts/controls.module.css';
import { Facts } from '../../parts/Facts.tsx';
import { useNow } from '../../parts/now.ts';
import { TextSkeleton } from '../../parts/Skeleton.tsx';
import type { MailboxView } from '../../../state/views.ts';
import { mailbox as words, noMailboxWords } from '../../words/mailbox.ts';
import { LeftMailboxes } from './mailbox/LeftMailboxes.tsx';
import { MailboxDetails } from './mailbox/MailboxDetails.tsx';
import { MailboxOffer } from './mailbox/MailboxOffer.tsx';
import { MoveMailbox } from './mailbox/MoveMailbox.tsx';
import { Moving } from './mailbox/Moving.tsx';

const forgetCode = () => setMailboxCode(undefined);

export function MailboxSection() {
  const mailbox = useMailbox();
  const code = useView(({ mailboxCode }) => mailboxCode);
  if (code !== undefined) return <MailboxOffer key={code} code={code} onClose={forgetCode} />;
  if (!mailbox) return <TextSkeleton />;
  return (
    <>
      <p className={controls['note']}>{words.lead}</p>
      {mailbox.kind === 'none' ? (
        <p role="status">{noMailboxWords(mailbox.lastError)}</p>
      ) : (
        <InUse mailbox={mailbox} />
      )}
      {mailbox.kind === 'ready' && mailbox.moving ? (
        <Moving {...mailbox.moving} />
      ) : (
        <MoveMailbox />
      )}
    </>
  );
}

interface InUseProps {
  readonly mailbox: Extract<MailboxView, { kind: 'ready' }>;
}

function InUse({ mailbox }: InUseProps) {
  const now = useNow();
  const { host, name, live, pushes, lastFetchAt, health } = mailbox;
  return (
    <>
      <Facts
        facts={[
          [words.host, host],
          [words.name, name],
          [words.health, words.healths[health]],
          [words.live, live ? words.liveNow : pushes ? words.liveLater : words.polled],
          [words.fetched, lastFetchAt === undefined ? words.never : dateAndTime(lastFetchAt, now)],
          [words.waiting, health === 'working' && lastFetchAt ? words.nothingWaits : words.unknown],
        ]}
      />
      <MailboxDetails mailbox={mailbox} />
      {mailbox.moveRefused && <Alert>{words.moveRefused[mailbox.moveRefused]}</Alert>}
      <LeftMailboxes left={mailbox.leaving} />
    </>
  );
}
