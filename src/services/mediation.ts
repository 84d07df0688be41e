import { createPeer2 } from '../did/peer2.ts';
import { resolveDid } from '../did/resolve.ts';
import { usableKeys } from '../didcomm/pack.ts';
import { isDid, type Did } from '../did/did.ts';
import { generateAgreementKeys, generateSigningKeys } from '../crypto/keys.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { newRowId } from '../lib/ids.ts';
import * as v from 'valibot';
import { GOAL_REQUEST_MEDIATE, InvitationPlaintext } from '../protocols/out-of-band/messages.ts';
import { parseJson } from '../lib/json.ts';
import { CoordinateMediation3 as Mediation } from '../protocols/coordinate-mediation/messages.ts';
import { MediatorPayload, openRow } from '../storage/payloads.ts';
import type { ParleyDb } from '../storage/schema.ts';
import { judgeEndpoint } from '../transport/endpoint-policy.ts';
import { askMediator, type ControlPorts } from './control.ts';
import { readyMediator, type ReadyMediator } from './mediators.ts';

export interface MediationPorts extends ControlPorts {
  readonly db: ParleyDb;
  readonly ownOrigin: string;
}

export type MediationOutcome =
  | { readonly kind: 'ready'; readonly mediator: ReadyMediator }
  | { readonly kind: 'unreachable' | 'refused' };

/**
 * Sets up the mailbox at the app's own origin (architecture.md): reads its invitation, makes a DID towards
 * it, asks for mediation and keeps the routing DID that it grants. Does nothing when there is one already;
 * may be called again at any time after a failure.
 */
export async function ensureMediation(ports: MediationPorts): Promise<MediationOutcome> {
  const ready = await readyMediator(ports);
  if (ready) return { kind: 'ready', mediator: ready };
  // A mailbox that this version cannot read is still the one our contacts write to: no second one beside it.
  if ((await ports.db.mediators.where('state').equals('ready').count()) > 0)
    return { kind: 'refused' };
  const account = (await requestedAccount(ports)) ?? (await openAccount(ports));
  if (account.kind !== 'account') return account;
  const asked = await askMediator(ports, account.payload, {
    type: Mediation.request.type,
    body: {},
    thread: 'new',
  });
  if (asked.kind === 'unreachable') return { kind: 'unreachable' };
  const routingDid = asked.kind === 'reply' ? await grantedDid(asked.message) : undefined;
  if (routingDid === undefined) {
    // The mediator may be another one by now: the next try reads its invitation again.
    await ports.db.mediators.delete(account.rowId);
    return { kind: 'refused' };
  }
  const payload: MediatorPayload = { ...account.payload, routingDid };
  const x = await ports.device.seal('mediators', account.rowId, payload);
  await ports.db.mediators.put({ id: account.rowId, state: 'ready', x });
  return { kind: 'ready', mediator: { ...payload, rowId: account.rowId, routingDid } };
}

type Account = {
  readonly kind: 'account';
  readonly rowId: string;
  readonly payload: MediatorPayload;
};

/** An account whose request went out before, perhaps without an answer: the mediator grants it again. */
async function requestedAccount(ports: MediationPorts): Promise<Account | undefined> {
  for (const row of await ports.db.mediators.where('state').equals('requested').toArray()) {
    const payload = await openRow(ports.device, MediatorPayload, 'mediators', row);
    if (payload) return { kind: 'account', rowId: row.id, payload };
  }
  return undefined;
}

async function openAccount(
  ports: MediationPorts,
): Promise<Account | { readonly kind: 'unreachable' | 'refused' }> {
  const text = await ports.http.getText('/invitation');
  if (text === undefined) return { kind: 'unreachable' };
  const mediatorDid = invitedBy(text);
  const endpoints =
    mediatorDid === undefined ? undefined : await endpointsOf(mediatorDid, ports.ownOrigin);
  if (mediatorDid === undefined || !endpoints) return { kind: 'refused' };
  const payload = { ...(await newAccount(ports)), mediatorDid, ...endpoints };
  const rowId = newRowId();
  const x = await ports.device.seal('mediators', rowId, payload);
  await ports.db.mediators.put({ id: rowId, state: 'requested', x });
  return { kind: 'account', rowId, payload };
}

/** Whose mailbox an invitation offers: ours is served as bare JSON, so no link has to be taken apart. */
function invitedBy(text: string): Did | undefined {
  const json = parseJson(text, INVITATION_LIMITS);
  const parsed = json.kind === 'ok' ? v.safeParse(InvitationPlaintext, json.value) : undefined;
  return parsed?.success && parsed.output.body?.goal_code === GOAL_REQUEST_MEDIATE
    ? parsed.output.from
    : undefined;
}
const INVITATION_LIMITS = { maxLength: 8 * 1024, maxDepth: 16 };

/** The first http and ws endpoint that the policy allows; undefined when we could not talk to it. */
async function endpointsOf(
  mediatorDid: Did,
  ownOrigin: string,
): Promise<Pick<MediatorPayload, 'httpUrl' | 'wsUrl'> | undefined> {
  const resolved = await resolveDid(mediatorDid);
  if (resolved.kind !== 'ok') return undefined;
  if ((await usableKeys(resolved.document, 'X25519')).length === 0) return undefined;
  const allowed = resolved.document.services.flatMap(({ uri }) => {
    const verdict = judgeEndpoint(uri, ownOrigin);
    return verdict.kind === 'ok' ? [verdict.url] : [];
  });
  const http = allowed.find(({ protocol }) => protocol.startsWith('http'));
  const ws = allowed.find(({ protocol }) => protocol.startsWith('ws'));
  return http && { httpUrl: http.href, ...(ws ? { wsUrl: ws.href } : {}) };
}

/** The mediator-facing DID: its mail waits in the queue rather than at an address (rule I22). */
async function newAccount(
  ports: MediationPorts,
): Promise<Pick<MediatorPayload, 'myDid' | 'agreementKeyB64u' | 'signingKeyB64u'>> {
  const [agreement, signing] = await Promise.all([generateAgreementKeys(), generateSigningKeys()]);
  const myDid = createPeer2({
    agreement: agreement.publicBytes,
    signing: signing.publicBytes,
    services: [{ uri: 'didcomm:transport/queue', accept: ['didcomm/v2'] }],
  });
  const [wrappedAgreement, wrappedSigning] = await Promise.all([
    ports.device.wrapPrivateKey(`${myDid}#key-1`, agreement.privateKey),
    ports.device.wrapPrivateKey(`${myDid}#key-2`, signing.privateKey),
  ]);
  return {
    myDid,
    agreementKeyB64u: toBase64Url(wrappedAgreement),
    signingKeyB64u: toBase64Url(wrappedSigning),
  };
}

/** A grant names one routing DID or a list; the first is taken (rule I16). */
async function grantedDid(message: {
  readonly type: string;
  readonly body: unknown;
}): Promise<Did | undefined> {
  if (message.type !== Mediation.grant.type) return undefined;
  const parsed = v.safeParse(Mediation.grant.body, message.body);
  const [routingDid] = parsed.success ? parsed.output.routing_did : [];
  if (!isDid(routingDid)) return undefined;
  const resolved = await resolveDid(routingDid);
  return resolved.kind === 'ok' && (await usableKeys(resolved.document)).length > 0
    ? routingDid
    : undefined;
}
