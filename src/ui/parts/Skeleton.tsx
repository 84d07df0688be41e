import { common } from '../words/shell.ts';
import { Later } from './Later.tsx';
import styles from './Skeleton.module.css';

interface BarProps {
  readonly width: string;
  readonly height: string;
}

const Bar = ({ width, height }: BarProps) => (
  <span className={styles['bar']} style={{ inlineSize: width, blockSize: height }} />
);

const ROWS = ['55%', '70%', '40%', '62%', '48%'];

/** Rows of a list that is being read. */
export const RowsSkeleton = () => (
  <Later>
    <div className={styles['rows']}>
      <span className="hidden-text">{common.loading}</span>
      {ROWS.map((width) => (
        <div key={width} className={styles['row']} aria-hidden="true">
          <span className={styles['circle']} />
          <span className={styles['lines']}>
            <Bar width="40%" height="1rem" />
            <Bar width={width} height="0.875rem" />
          </span>
        </div>
      ))}
    </div>
  </Later>
);

/** Lines of a page that is being read. */
export const TextSkeleton = () => (
  <Later>
    <div className={styles['lines']}>
      <span className="hidden-text">{common.loading}</span>
      <Bar width="50%" height="1.25rem" />
      <Bar width="90%" height="1rem" />
      <Bar width="75%" height="1rem" />
    </div>
  </Later>
);
