import { useRef, useState, useTransition, type SubmitEvent } from 'react';
import { cleanDisplayName } from '../../lib/display-name.ts';
import { createWallet } from '../../state/actions.ts';
import { useInviter } from '../../state/inviter.ts';
import { Alert } from '../parts/Alert.tsx';
import controls from '../parts/controls.module.css';
import { Fill } from '../parts/Fill.tsx';
import { Mark } from '../parts/Mark.tsx';
import question from '../parts/Question.module.css';
import { start } from '../words/start.ts';
import styles from './Page.module.css';

/** Onboarding: a name, nothing else. */
export function StartScreen() {
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, begin] = useTransition();
  const field = useRef<HTMLInputElement>(null);

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const clean = cleanDisplayName(name);
    setMissing(clean === '');
    if (clean === '') field.current?.focus();
    else if (!busy) begin(() => createWallet(clean));
  };

  return (
    <main className={styles['page']}>
      <Mark size="5rem" />
      <h1>{start.heading}</h1>
      <p className={styles['lead']}>{start.promise}</p>
      <Invited />
      <form className={styles['form']} onSubmit={onSubmit} noValidate>
        <div className={controls['field']}>
          <label className={controls['label']} htmlFor="your-name">
            {start.yourName}
          </label>
          <input
            ref={field}
            id="your-name"
            className={controls['input']}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="nickname"
            autoCapitalize="words"
            enterKeyHint="go"
            dir="auto"
            maxLength={200}
            required
            aria-invalid={missing}
            aria-describedby="your-name-note"
          />
          <p className={controls['note']} id="your-name-note">
            {start.nameNote}
          </p>
        </div>
        {missing && <Alert>{start.nameMissing}</Alert>}
        <button className={controls['primary']} type="submit" aria-disabled={busy}>
          {start.start}
        </button>
      </form>
    </main>
  );
}

/** Who the link that led here says it is from. */
function Invited() {
  const inviter = useInviter();
  if (!inviter) return null;
  const { name, over } = inviter;
  if (over)
    return (
      <div className={styles['invited']} role="status">
        <p className={styles['who']}>{start.over}</p>
        <p className={controls['note']}>{start.overNote}</p>
      </div>
    );
  return (
    <div className={styles['invited']} role="status">
      <p className={styles['who']}>
        {name === undefined ? start.invited : <Fill sentence={start.invitedBy} name={name} />}
      </p>
      {name !== undefined && <p className={question['claimed']}>{start.claimed}</p>}
      <p className={controls['note']}>{start.invitedNote}</p>
    </div>
  );
}
