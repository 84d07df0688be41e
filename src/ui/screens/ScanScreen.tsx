import Link2 from 'lucide-react/icons/link-2';
import { useCallback, useState, useTransition } from 'react';
import { useLocation } from 'wouter';
import { readCode } from '../../state/actions.ts';
import { setMailboxCode, show } from '../../state/view.ts';
import type { CodeFault } from '../../state/views.ts';
import { Alert } from '../parts/Alert.tsx';
import controls from '../parts/controls.module.css';
import { Screen } from '../parts/Screen.tsx';
import { faultWords } from '../words/codes.ts';
import { scan } from '../words/scan.ts';
import { CameraView } from './scan/CameraView.tsx';
import { PasteLink } from './scan/PasteLink.tsx';
import { PicturePicker } from './scan/PicturePicker.tsx';
import styles from './scan/Scan.module.css';
import { useScanner } from './scan/use-scanner.ts';

/** What could not be used: a code, or a picture without one. Scanning goes on meanwhile. */
export type ScanFault = CodeFault | { readonly kind: 'no-code' | 'picture-failed' | 'no-link' };

export function ScanScreen() {
  const [pasting, setPasting] = useState(false);
  const [fault, setFault] = useState<ScanFault>();
  const [, begin] = useTransition();
  const scanner = useScanner();
  const [, navigate] = useLocation();

  const onText = useCallback(
    (text: string) => {
      setFault(undefined); // the same sentence again is spoken again
      begin(async () => {
        const outcome = await readCode(text);
        if (outcome.kind === 'preview')
          navigate(`/connect/${encodeURIComponent(outcome.intentId)}`);
        else if (outcome.kind === 'known') {
          show(faultWords(outcome), { role: 'status' });
          navigate(`/chats/${encodeURIComponent(outcome.contactId)}`);
        } else if (outcome.kind === 'mailbox') {
          setMailboxCode(text);
          navigate('/settings/mailbox');
        } else setFault(outcome);
      });
    },
    [navigate],
  );

  return (
    <Screen heading={scan.heading}>
      <CameraView scanner={scanner} onText={onText} />
      {fault && <Alert>{scanFaultWords(fault)}</Alert>}
      <div className={styles['ways']}>
        <button
          className={controls['button']}
          type="button"
          aria-expanded={pasting}
          onClick={() => setPasting(!pasting)}
        >
          <Link2 size="1.125rem" aria-hidden="true" />
          {scan.paste}
        </button>
        <PicturePicker scanner={scanner} onText={onText} onFault={setFault} />
      </div>
      {pasting && <PasteLink label={scan.link} onText={onText} onFault={setFault} />}
    </Screen>
  );
}

function scanFaultWords(fault: ScanFault): string {
  switch (fault.kind) {
    case 'no-code':
      return scan.noCode;
    case 'picture-failed':
      return scan.pictureFailed;
    case 'no-link':
      return scan.linkMissing;
    case 'not-an-invitation':
    case 'unsupported':
    case 'unknown-request':
    case 'unsigned':
    case 'no-answer':
    case 'withdrawn':
    case 'mailbox':
    case 'malformed':
    case 'unreachable':
    case 'expired':
    case 'too-large':
    case 'own':
    case 'own-over':
    case 'known':
      return faultWords(fault);
  }
}
