import { useState, useTransition } from 'react';
import { createInvitation, revokeInvitation } from '../../state/actions.ts';
import { useOpenCodes } from '../../state/code-hooks.ts';
import { setInvitationId, show } from '../../state/view.ts';
import type { OpenCodeView } from '../../state/views.ts';
import { dateAndTime } from '../format.ts';
import controls from '../parts/controls.module.css';
import { Dialog } from '../parts/Dialog.tsx';
import { DialogButtons } from '../parts/DialogButtons.tsx';
import { useNow } from '../parts/now.ts';
import { fill } from '../words/fill.ts';
import { invite } from '../words/invite.ts';
import styles from './InviteScreen.module.css';

interface OpenCodesProps {
  readonly shownId: string | undefined;
}

/** Every code of ours that still lets somebody in, each with its end. */
export function OpenCodes({ shownId }: OpenCodesProps) {
  const now = useNow();
  const codes = useOpenCodes()?.filter(({ expiresAt }) => expiresAt > now) ?? [];
  const [revoking, setRevoking] = useState<string>();
  const [busy, begin] = useTransition();

  const renew = () =>
    begin(async () => {
      const outcome = await createInvitation({ autoAccept: true });
      if (outcome.kind === 'ok') setInvitationId(outcome.id);
    });

  if (codes.length === 0) return null;
  return (
    <section className={styles['open']} aria-labelledby="open-codes">
      <h2 id="open-codes">{invite.open}</h2>
      <p className={controls['note']}>{invite.openNote}</p>
      <ul>
        {codes.map((code) => (
          <li key={code.id} className={styles['row']}>
            <Code code={code} shown={code.id === shownId} now={now} />
            <button
              className={controls['plainDanger']}
              type="button"
              aria-describedby={`code-${code.id}`}
              onClick={() => setRevoking(code.id)}
            >
              {invite.revoke}
            </button>
          </li>
        ))}
      </ul>
      {shownId !== undefined && (
        <button
          className={controls['button']}
          type="button"
          aria-disabled={busy}
          onClick={() => {
            if (!busy) renew();
          }}
        >
          {invite.renew}
        </button>
      )}
      {revoking !== undefined && (
        <RevokeDialog
          id={revoking}
          shown={revoking === shownId}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </section>
  );
}

interface CodeProps {
  readonly code: OpenCodeView;
  readonly shown: boolean;
  readonly now: number;
}

const Code = ({ code: { id, shared, expiresAt, answers }, shown, now }: CodeProps) => (
  <div id={`code-${id}`}>
    <p className={controls['label']}>
      {shown ? invite.shownHere : shared ? invite.forSeveral : invite.forOne}
    </p>
    <p className={controls['note']}>
      {fill(invite.until, { time: dateAndTime(expiresAt, now) })}
      {shared && `, ${usedWords(answers)}`}
    </p>
  </div>
);

function usedWords(count: number): string {
  if (count === 0) return invite.noneUsed;
  return count === 1 ? invite.oneUsed : fill(invite.manyUsed, { count });
}

interface RevokeDialogProps {
  readonly id: string;
  readonly shown: boolean;
  readonly onClose: () => void;
}

function RevokeDialog({ id, shown, onClose }: RevokeDialogProps) {
  const revoke = async () => {
    await revokeInvitation(id);
    // The list may have gone with its last code, and the dialog with it, before it could close.
    onClose();
    show(invite.revoked, { role: 'status' });
    if (shown) setInvitationId(undefined);
  };
  return (
    <Dialog heading={invite.revokeHeading} onClose={onClose}>
      <p>{invite.revokeNote}</p>
      <DialogButtons confirm={invite.revoke} danger onConfirm={revoke} />
    </Dialog>
  );
}
