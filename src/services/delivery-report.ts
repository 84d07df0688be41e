import * as v from 'valibot';
import type { Did } from '../did/did.ts';
import { resolverKnowing } from '../did/resolve-known.ts';
import { resolveDid } from '../did/resolve.ts';
import { isSameDid } from '../did/same-did.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { ProblemReport } from '../protocols/report-problem/messages.ts';
import type { ControlPorts } from './control.ts';

/**
 * An answer, a 2xx too, may carry a report on the delivery. It counts only when signed by the routing DID that
 * was posted to (decisions.md 8): anybody else could silence a contact with it. That the envelope was seen
 * before says that it arrived: every retry sends the same bytes (rule I10).
 */
export async function wordOn(
  { engine, clock }: Pick<ControlPorts, 'engine' | 'clock'>,
  routingDid: Did,
  body: string,
): Promise<'delivered' | 'not-found' | 'mailbox-full' | undefined> {
  const opened = await openEnvelope(body, {
    engine,
    secrets: { agreementKey: async () => undefined },
    resolve: resolverKnowing(resolveDid, async () => routingDid),
    now: clock.now(),
  });
  if (opened.kind !== 'ok' || !opened.inbound.signed) return undefined;
  const { sender, message } = opened.inbound;
  if (!sender || !(await isSameDid(sender, routingDid))) return undefined;
  if (message.type !== ProblemReport.type) return undefined;
  const report = v.safeParse(ProblemReport.body, message.body);
  if (!report.success || !report.output.code.startsWith('e.')) return undefined;
  const { code } = report.output;
  if (code === 'e.p.crypto.message.dejavu') return 'delivered';
  return code.includes('.res.storage') ? 'mailbox-full' : 'not-found';
}
