import { useEffect, useRef, type ReactNode } from 'react';
import { hasTravelled } from './arrival.ts';
import styles from './Split.module.css';

interface SplitProps {
  readonly list: ReactNode;
  readonly detail: ReactNode;
  /** Which row of the list is open; its link has the id `row-{open}`. */
  readonly open: string | undefined;
}

/** List and detail: side by side from 900 px, else one at a time. Closing a detail puts the focus on its row. */
export function Split({ list, detail, open }: SplitProps) {
  const last = useRef(open);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const closed = last.current;
    last.current = open;
    if (open !== undefined || !hasTravelled()) return;
    const row = closed === undefined ? null : document.getElementById(`row-${closed}`);
    (row ?? root.current?.querySelector<HTMLElement>('h1'))?.focus();
  }, [open]);
  return (
    <div
      ref={root}
      className={`${styles['split'] ?? ''} ${open === undefined ? '' : (styles['open'] ?? '')}`}
    >
      <div className={styles['list']}>{list}</div>
      <div className={styles['detail']}>{detail}</div>
    </div>
  );
}
