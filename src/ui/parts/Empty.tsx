import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface EmptyProps {
  readonly icon: ReactNode;
  /** One sentence, and what can be done about it. */
  readonly children: ReactNode;
}

export const Empty = ({ icon, children }: EmptyProps) => (
  <div className={styles['empty']}>
    <span className={styles['icon']}>{icon}</span>
    {children}
  </div>
);
