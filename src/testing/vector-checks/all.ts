import type { VectorCheck } from './check.ts';
import { didChecks } from './dids.ts';
import { envelopeChecks } from './envelopes.ts';
import { gateChecks } from './gate.ts';
import { invitationChecks } from './invitations.ts';
import { joseChecks } from './jose.ts';
import { wycheproofChecks } from './wycheproof.ts';

/** Every set of vectors; the same in Node, on a page and in a service worker. */
export const vectorChecks: readonly VectorCheck[] = [
  ...joseChecks,
  ...wycheproofChecks,
  ...envelopeChecks,
  ...gateChecks,
  ...didChecks,
  ...invitationChecks,
];
