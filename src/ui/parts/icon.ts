import type { default as AnyIcon } from 'lucide-react/icons/check';

/** Any icon of the set. */
export type Icon = typeof AnyIcon;
