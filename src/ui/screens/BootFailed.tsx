import { startOver } from '../../state/session.ts';
import type { BootFailure } from '../../state/views.ts';
import controls from '../parts/controls.module.css';
import { Mark } from '../parts/Mark.tsx';
import { boot, common } from '../words/shell.ts';
import styles from './Page.module.css';

interface BootFailedProps {
  readonly code: BootFailure;
}

/** The wallet cannot be opened: what happened, and what to do. */
export const BootFailed = ({ code }: BootFailedProps) => (
  <main className={styles['page']}>
    <Mark size="5rem" />
    <h1>{boot[code].heading}</h1>
    <p role="alert">{boot[code].note}</p>
    {code === 'storage-lost' ? (
      <button className={controls['primary']} type="button" onClick={startOver}>
        {common.startOver}
      </button>
    ) : (
      <button className={controls['primary']} type="button" onClick={() => location.reload()}>
        {common.tryAgain}
      </button>
    )}
  </main>
);
