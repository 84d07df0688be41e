import { useEffect, useState, useTransition } from 'react';
import { Link } from 'wouter';
import { declineIntent } from '../../../../state/actions.ts';
import { useOnline } from '../../../../state/hooks.ts';
import { openMailboxCode, useMailboxAnswer } from '../../../../state/mailbox.ts';
import { setMailboxCode } from '../../../../state/view.ts';
import type { MailboxFault } from '../../../../state/views.ts';
import { Alert } from '../../../parts/Alert.tsx';
import controls from '../../../parts/controls.module.css';
import { Fill } from '../../../parts/Fill.tsx';
import { mailbox as words } from '../../../words/mailbox.ts';
import { PasteLink } from '../../scan/PasteLink.tsx';

/** The way to another mailbox: its link, its address or its code. */
export function MoveMailbox() {
  const [open, setOpen] = useState(false);
  return (
    <section className={controls['stack']}>
      <h2>{words.moveHeading}</h2>
      <p className={controls['note']}>{words.moveLead}</p>
      {open ? (
        <>
          <p className={controls['note']}>{words.moveHow}</p>
          <PasteMailbox />
          <Link className={controls['button']} to="/scan">
            {words.scanIt}
          </Link>
        </>
      ) : (
        <div className={controls['actions']}>
          <button className={controls['button']} type="button" onClick={() => setOpen(true)}>
            {words.move}
          </button>
        </div>
      )}
    </section>
  );
}

/** What was typed stays until it leads to a mailbox. */
function PasteMailbox() {
  const [fault, setFault] = useState<MailboxFault | 'no-link'>();
  const [asked, setAsked] = useState<string>();
  const [, begin] = useTransition();
  const online = useOnline();
  const answer = useMailboxAnswer(asked);
  useEffect(() => {
    if (answer?.kind !== 'offer' || asked === undefined) return;
    setMailboxCode(answer.code);
    void declineIntent(asked);
  }, [answer, asked]);

  const onText = (text: string) => {
    setFault(undefined); // the same sentence again is spoken again
    setAsked(undefined);
    begin(async () => {
      const opened = await openMailboxCode(text);
      if (opened.kind === 'asked') setAsked(opened.intentId);
      else if (opened.kind === 'offer') setMailboxCode(opened.code);
      else setFault(opened.kind);
    });
  };

  const isAsking = answer?.kind === 'asking';
  const said = answer && answer.kind !== 'asking' && answer.kind !== 'offer' ? answer.kind : fault;
  return (
    <PasteLink label={words.link} onText={onText} onFault={() => setFault('no-link')}>
      <p role="status">
        {isAsking && (
          <Fill sentence={online ? words.asking : words.askingOffline} name={answer.host} />
        )}
      </p>
      {said && <Alert>{said === 'no-link' ? words.linkMissing : words.faults[said]}</Alert>}
    </PasteLink>
  );
}
