import { useState } from 'react';
import { Link } from 'wouter';
import { setMailboxCode } from '../../../../state/view.ts';
import { Alert } from '../../../parts/Alert.tsx';
import controls from '../../../parts/controls.module.css';
import { mailbox as words } from '../../../words/mailbox.ts';
import { scan } from '../../../words/scan.ts';
import { PasteLink } from '../../scan/PasteLink.tsx';

/** The way to another mailbox: its link or its code. */
export function MoveMailbox() {
  const [open, setOpen] = useState(false);
  const [missing, setMissing] = useState(false);
  return (
    <section className={controls['stack']}>
      <h2>{words.moveHeading}</h2>
      <p className={controls['note']}>{words.moveLead}</p>
      {open ? (
        <>
          <PasteLink
            onText={(text) => setMailboxCode(text)}
            onFault={() => {
              setMissing(true);
            }}
          />
          {missing && <Alert>{scan.linkMissing}</Alert>}
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
