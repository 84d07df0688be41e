import { useTransition } from 'react';
import { useOnline } from '../../../../state/hooks.ts';
import { moveToMailbox, useMailboxOffer } from '../../../../state/mailbox.ts';
import { Alert } from '../../../parts/Alert.tsx';
import controls from '../../../parts/controls.module.css';
import { Facts } from '../../../parts/Facts.tsx';
import { TextSkeleton } from '../../../parts/Skeleton.tsx';
import { mailbox as words } from '../../../words/mailbox.ts';
import { common } from '../../../words/shell.ts';

interface MailboxOfferProps {
  readonly code: string;
  readonly onClose: (moves: boolean) => void;
}

/** "Use this mailbox?", with the host that will hold the mail. */
export function MailboxOffer({ code, onClose }: MailboxOfferProps) {
  const offer = useMailboxOffer(code);
  const online = useOnline();
  const [busy, begin] = useTransition();
  const close = () => onClose(false);
  if (!offer) return <TextSkeleton />;
  if (offer.kind !== 'offer')
    return (
      <>
        <Alert>{words.faults[offer.kind]}</Alert>
        <div className={controls['actions']}>
          <button className={controls['primary']} type="button" onClick={close}>
            {common.close}
          </button>
        </div>
      </>
    );
  const move = () => {
    if (busy) return;
    begin(async () => {
      onClose(await moveToMailbox(code));
    });
  };
  return (
    <>
      <Facts
        facts={[
          [words.offeredAt, offer.host],
          [words.name, offer.name || undefined],
        ]}
      />
      <p className={controls['note']}>{words.questionNote}</p>
      {!online && <p role="status">{words.offline}</p>}
      <div className={controls['actions']}>
        <button className={controls['primary']} type="button" aria-disabled={busy} onClick={move}>
          {words.use}
        </button>
        <button className={controls['button']} type="button" onClick={close}>
          {common.cancel}
        </button>
      </div>
    </>
  );
}
