import { parseInvitation } from '../../protocols/out-of-band/parse.ts';
import vectors from '../vectors/oob-urls.json' with { type: 'json' };
import { same, type VectorCheck } from './check.ts';
import { NOW } from './envelopes.ts';

/** Links of the specification, the SICPA tutorial and Identus, one of them padded; and the short form. */
async function links(): Promise<number> {
  for (const { name, url, message } of vectors.examples) {
    const outcome = parseInvitation(url, NOW);
    if (message === null) {
      same(outcome, { kind: 'oobid', url }, name);
      continue;
    }
    if (!('invitation' in outcome)) throw new Error(`${name}: ${outcome.kind}`);
    const { id, from, goalCode } = outcome.invitation;
    same([id, from], [message.id, message.from], name);
    same(goalCode, 'goal_code' in message.body ? message.body.goal_code : undefined, name);
  }
  return vectors.examples.length;
}

export const invitationChecks: readonly VectorCheck[] = [
  { name: 'out-of-band links', count: 6, run: links },
];
