import ArrowLeft from 'lucide-react/icons/arrow-left';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { nav } from '../words/shell.ts';
import { useArrival } from './arrival.ts';
import controls from './controls.module.css';
import styles from './Screen.module.css';

interface ScreenProps {
  readonly heading: ReactNode;
  /** Where 'Back' leads, on screens that lie below another. */
  readonly back?: string;
  /** Room for two columns on large screens. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A screen of one column: heading, then what it is about. */
export function Screen({ heading, back, wide = false, children }: ScreenProps) {
  const arrival = useArrival();
  return (
    <section className={styles['screen']}>
      <header className={styles['header']}>
        {back !== undefined && <BackButton to={back} />}
        <h1 ref={arrival} tabIndex={-1}>
          {heading}
        </h1>
      </header>
      <div className={styles['body']}>
        <div className={`${styles['column'] ?? ''} ${wide ? (styles['wide'] ?? '') : ''}`}>
          {children}
        </div>
      </div>
    </section>
  );
}

interface BackButtonProps {
  readonly to: string;
}

/** Back to the list, where list and detail do not stand side by side. */
export function BackButton({ to }: BackButtonProps) {
  const [, navigate] = useLocation();
  return (
    <button
      className={`${controls['icon'] ?? ''} ${styles['only-narrow'] ?? ''}`}
      type="button"
      aria-label={nav.back}
      onClick={() => navigate(to)}
    >
      <ArrowLeft size="1.5rem" aria-hidden="true" />
    </button>
  );
}
