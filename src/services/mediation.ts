import type { MediationOutcome, MediationPorts } from './control.ts';
import { readyMediator } from './mediators.ts';

/**
 * Sets up the mailbox at the app's own origin (architecture.md), or the one that the person chose. Does
 * nothing when there is one already; may be called again at any time after a failure.
 */
export async function ensureMediation(ports: MediationPorts): Promise<MediationOutcome> {
  const ready = await readyMediator(ports);
  if (ready) return { kind: 'ready', mediator: ready };
  // A mailbox that this version cannot read is still the one our contacts write to: no second one beside it.
  if ((await ports.db.mediators.where('state').equals('ready').count()) > 0)
    return { kind: 'refused' };
  const { setUpMailbox } = await import('./mailbox-set-up.ts');
  return setUpMailbox(ports);
}
