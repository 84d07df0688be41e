import { textLetter } from '../foreign.ts';
import type { Json } from '../forge.ts';
import type { HostileMail } from './mail.ts';

/** R22: what came before, in some form, shows nothing again. */
export const repeats: readonly HostileMail[] = [
  ['the same envelope again', 'dropped', ({ sentBefore }) => sentBefore],
  [
    'the same id in a new envelope',
    'dropped',
    ({ bob, bobsAlice }) => textLetter(bob, bobsAlice, 'again?', { id: 'bob-1' }),
  ],
  [
    'the same envelope with its members in another order',
    'dropped',
    ({ sentBefore }) =>
      JSON.stringify(
        Object.fromEntries(Object.entries(JSON.parse(sentBefore) as Json).toReversed()),
      ),
  ],
];
