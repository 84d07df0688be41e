interface MarkProps {
  readonly size: string;
}

/** Two speech shapes meeting. */
export const Mark = ({ size }: MarkProps) => (
  <svg viewBox="62 112 388 288" width={size} aria-hidden="true">
    <g fill="var(--primary)">
      <circle cx="186" cy="242" r="122" />
      <path d="M92 312c4 30 0 54-14 80 34-2 62-12 86-30z" />
      <circle cx="326" cy="242" r="122" />
      <path d="M420 312c-4 30 0 54 14 80-34-2-62-12-86-30z" />
    </g>
    <path
      fill="var(--accent)"
      stroke="var(--bg)"
      strokeWidth="20"
      strokeLinejoin="round"
      d="M256 142a122 122 0 0 1 0 200 122 122 0 0 1 0-200z"
    />
  </svg>
);
