import styles from './Avatar.module.css';

interface AvatarProps {
  readonly name: string;
  /** What the colour is chosen by: it stays when the name changes. */
  readonly seed: string;
  readonly size?: 'small' | 'large';
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

export function Avatar({ name, seed, size }: AvatarProps) {
  const [first] = segmenter.segment(name);
  const shape = styles[size ?? 'avatar'];
  return (
    <span className={`${shape ?? ''} ${styles[`tint${tintOf(seed)}`] ?? ''}`} aria-hidden="true">
      {first?.segment.toLocaleUpperCase('en')}
    </span>
  );
}

const tintOf = (seed: string): number =>
  Array.from(seed).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6_007, 7) %
  6;
