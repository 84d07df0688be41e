import { QRCodeSVG } from 'qrcode.react';
import { setVerified } from '../../../state/contact-actions.ts';
import { useSafetyCode } from '../../../state/hooks.ts';
import type { ContactView } from '../../../state/views.ts';
import controls from '../../parts/controls.module.css';
import { Dialog } from '../../parts/Dialog.tsx';
import { DialogButtons } from '../../parts/DialogButtons.tsx';
import { Fill } from '../../parts/Fill.tsx';
import { contact as words } from '../../words/contact.ts';
import styles from './VerifyDialog.module.css';

interface VerifyDialogProps {
  readonly contact: ContactView;
  readonly onClose: () => void;
}

/** Thirty digits, and the same as a picture, to compare with what the other side sees. */
export function VerifyDialog({ contact, onClose }: VerifyDialogProps) {
  const code = useSafetyCode(contact.id);
  const { name, verified } = contact;
  const { heading, lead, unsettled, changed, same, done, qr, picture } = words.verify;
  const note = verified === 'yes' ? done : verified === 'before-change' ? changed : undefined;
  return (
    <Dialog heading={heading} onClose={onClose}>
      <p>
        <Fill sentence={lead} name={name} />
      </p>
      {note !== undefined && (
        <p className={controls['note']}>
          <Fill sentence={note} name={name} />
        </p>
      )}
      {code && (
        <>
          <ol className={styles['groups']} aria-label={words.verify.code} dir="ltr">
            {code.groups.map((group, at) => (
              <li key={at}>{group}</li>
            ))}
          </ol>
          <QRCodeSVG
            className={styles['picture']}
            value={code.groups.join(' ')}
            level="M"
            marginSize={4}
            bgColor="#ffffff"
            fgColor="#16130f"
            aria-label={qr}
          />
          <p className={`${controls['note'] ?? ''} ${styles['caption'] ?? ''}`}>{picture}</p>
        </>
      )}
      {code && !code.isSettled && (
        <p className={controls['note']}>
          <Fill sentence={unsettled} name={name} />
        </p>
      )}
      <DialogButtons confirm={same} disabled={!code} onConfirm={() => setVerified(contact.id)} />
    </Dialog>
  );
}
