import { honest, nestingName, wrap, type Forgery } from './cast.ts';

/** The layers of each legal nesting, from the outside: anoncrypt, authcrypt, signed. */
export const LEGAL = ['n', 'a', 's', 'ns', 'as', 'na', 'nas'];

const orders = (length: number): readonly string[] =>
  length === 0 ? [''] : orders(length - 1).flatMap((rest) => ['n', 'a', 's'].map((c) => c + rest));

/** Every order of two or three layers that is not legal, and a dozen layers (R9). */
export const nestingForgeries: readonly Forgery[] = [
  ...orders(2),
  ...orders(3),
  'n'.repeat(12),
  'nasn',
  'nass',
]
  .filter((nesting) => !LEGAL.includes(nesting))
  .map((nesting) => ({
    name: nestingName(nesting),
    expected: 'nesting',
    pack: (cast) => wrap(cast, nesting, honest(cast)),
  }));
