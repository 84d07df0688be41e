import type { ReactNode } from 'react';
import { question } from '../words/chats.ts';
import { useArrival } from './arrival.ts';
import { Avatar } from './Avatar.tsx';
import controls from './controls.module.css';
import { Fill } from './Fill.tsx';
import styles from './Question.module.css';

interface QuestionProps {
  readonly name: string;
  readonly seed: string;
  readonly note: string;
  readonly busy: boolean;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
  /** What the person should know before they answer. */
  readonly children?: ReactNode;
}

/** "Connect with {name}?" and the two answers. */
export function Question({ name, seed, note, busy, onAccept, onDecline, children }: QuestionProps) {
  const arrival = useArrival();
  const unlessBusy = (action: () => void) => () => {
    if (!busy) action();
  };
  return (
    <div className={styles['question']}>
      <Avatar name={name} seed={seed} size="large" />
      <h1 ref={arrival} tabIndex={-1}>
        <Fill sentence={question.heading} name={name} />
      </h1>
      <p className={styles['claimed']}>{question.claimed}</p>
      <p className={styles['note']}>{note}</p>
      {children}
      <div className={styles['answers']}>
        <button
          className={controls['primary']}
          type="button"
          aria-disabled={busy}
          onClick={unlessBusy(onAccept)}
        >
          {question.accept}
        </button>
        <button
          className={controls['button']}
          type="button"
          aria-disabled={busy}
          onClick={unlessBusy(onDecline)}
        >
          {question.decline}
        </button>
      </div>
      <p className={styles['busy']} role="status">
        {busy && question.busy}
      </p>
    </div>
  );
}
