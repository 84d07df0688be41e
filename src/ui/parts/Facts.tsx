import styles from './Facts.module.css';

interface FactsProps {
  /** Pairs of a term and its value; pairs without a value are left out. */
  readonly facts: readonly (readonly [term: string, value: string | undefined])[];
}

export const Facts = ({ facts }: FactsProps) => (
  <dl className={styles['facts']}>
    {facts.map(
      ([term, value]) =>
        value !== undefined && (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ),
    )}
  </dl>
);
