import { generateAgreementKeys, generateSigningKeys } from '../crypto/keys.ts';
import { isDid, type Did, type DidDocument } from '../did/did.ts';
import { createPeer2 } from '../did/peer2-create.ts';
import { usableKeys } from '../didcomm/pack.ts';
import { cleanDisplayName } from '../lib/display-name.ts';
import {
  draftMediateRequest,
  readMediateAnswer,
} from '../protocols/coordinate-mediation/set-up.ts';
import {
  COORDINATE_MEDIATION,
  type MediationVersion,
} from '../protocols/coordinate-mediation/uris.ts';
import { protocolsIn, draftProtocolQueries } from '../protocols/discover-features/requester.ts';
import { PICKUP } from '../protocols/message-pickup/uris.ts';
import { parseInvitation } from '../protocols/out-of-band/parse.ts';
import type { MediatorPayload } from '../storage/payloads.ts';
import { judgeEndpoint } from '../transport/endpoint-policy.ts';
import { askMediator, type MediationOutcome, type MediationPorts } from './control.ts';
import { asksLogin, newAccountKeys, requestedMailbox } from './mailbox-account.ts';
import {
  leavingMediators,
  noteMediator,
  readyMediator,
  requestedMediator,
  storedAccount,
  type MediatorAccount,
  type RequestedMediator,
} from './mediators.ts';
import { PUSH_DUE } from './push-settings.ts';
import { resolveForSending } from './resolve-for-sending.ts';
import { waysTo } from './ways.ts';

// A mailbox from nothing to its grant. Rare, so it is a part of its own; every step is stored before the
// next, and may be taken again after a crash.

type Failure = { readonly kind: 'unreachable' | 'refused' | 'login' };

/**
 * Sets up the mailbox that the person asked for, else the one at the app's own origin. The mailbox that was in
 * use until then becomes one that is left.
 */
export async function setUpMailbox(ports: MediationPorts): Promise<MediationOutcome> {
  const requested = (await requestedMediator(ports)) ?? (await fromOwnOrigin(ports));
  if ('kind' in requested) return requested;
  const outcome = (await takeBack(ports, requested)) ?? (await negotiate(ports, requested));
  if (outcome.kind === 'refused' || outcome.kind === 'login')
    await ports.db.mediators.delete(requested.rowId);
  if (outcome.kind !== 'granted') return outcome;
  await putInUse(ports, requested.rowId, outcome.payload);
  const mediator = await readyMediator(ports);
  return mediator ? { kind: 'ready', mediator } : { kind: 'refused' };
}

async function fromOwnOrigin(ports: MediationPorts): Promise<RequestedMediator | Failure> {
  const text = await ports.http.getText('/invitation');
  if (text === undefined) return { kind: 'unreachable' };
  const parsed = parseInvitation(text, ports.clock.now());
  if (parsed.kind !== 'mailbox') return { kind: 'refused' };
  const { from, label } = parsed.invitation;
  const { row, payload } = await requestedMailbox(ports, from, cleanDisplayName(label ?? ''));
  await ports.db.mediators.add(row);
  return { rowId: row.id, payload };
}

type Granted = { readonly kind: 'granted'; readonly payload: MediatorPayload };

/** A mailbox that we are still leaving, or use already, is taken as it is: its account is there. */
async function takeBack(
  ports: MediationPorts,
  { rowId, payload }: RequestedMediator,
): Promise<MediationOutcome | undefined> {
  const isAskedFor = ({ mediatorDid, priorMediatorDids = [] }: MediatorPayload): boolean =>
    [mediatorDid, ...priorMediatorDids].includes(payload.mediatorDid);
  const ready = await readyMediator(ports);
  if (ready && isAskedFor(ready)) {
    await ports.db.mediators.delete(rowId);
    return { kind: 'ready', mediator: ready };
  }
  const left = (await leavingMediators(ports)).find(isAskedFor);
  if (!left) return undefined;
  const { rowId: leftId, leftAt: _, ...account } = left;
  await putInUse(ports, leftId, account, rowId);
  return { kind: 'ready', mediator: { ...left } };
}

/** In one transaction: this one is in use, and whichever was is left from now on. */
async function putInUse(
  ports: MediationPorts,
  rowId: string,
  payload: MediatorPayload,
  instead?: string,
): Promise<void> {
  const before = await readyMediator(ports);
  const x = await ports.device.seal('mediators', rowId, payload);
  const left = before && {
    id: before.rowId,
    state: 'leaving' as const,
    x: await ports.device.seal('mediators', before.rowId, {
      ...accountOf(before),
      leftAt: ports.clock.now(),
    }),
  };
  const { mediators, settings } = ports.db;
  await ports.db.transaction('rw', mediators, settings, async () => {
    // Taken back by the person while it was asked for: then nothing changes.
    if (!(await mediators.get(rowId))) return;
    if (instead !== undefined) await mediators.delete(instead);
    if (left) await mediators.put(left);
    await mediators.put({ id: rowId, state: 'ready', x });
    // Whom another mailbox wakes, this one is to wake.
    await settings.put({ id: PUSH_DUE, value: ports.clock.now() });
  });
}

const accountOf = ({ rowId: _, ...payload }: MediatorAccount): MediatorPayload => payload;

async function negotiate(
  ports: MediationPorts,
  { rowId, payload }: RequestedMediator,
): Promise<Granted | Failure> {
  const found = await findMediator(ports, payload);
  if ('kind' in found) return found;
  await noteMediator(ports, rowId, found);
  const account = { ...payload, ...found, rowId };
  const spoken = await versionsOf(ports, account);
  if ('kind' in spoken) return spoken;
  const asked = await requestMediation(ports, account, spoken.mediation);
  if (asked.kind !== 'denied') return finish(ports, account, spoken.pickup, asked);
  // I18: it may have granted this account before, and the answer was lost. Another one, once.
  if (payload.denied) return { kind: 'refused' };
  const fresh = { ...(await newAccountKeys(ports)), denied: true };
  await noteMediator(ports, rowId, fresh);
  const again = { ...account, ...fresh };
  const answer = await requestMediation(ports, again, spoken.mediation);
  return answer.kind === 'denied'
    ? { kind: 'refused' }
    : finish(ports, again, spoken.pickup, answer);
}

type Found = Pick<MediatorPayload, 'wsUrl' | 'documents'> & { readonly httpUrl: string };

/** The first http and ws endpoint that the policy allows. */
async function findMediator(
  ports: MediationPorts,
  { mediatorDid, documents }: MediatorPayload,
): Promise<Found | Failure> {
  const resolved = await resolveForSending(ports, mediatorDid, documents);
  if (resolved.kind !== 'ok')
    return { kind: resolved.kind === 'unreachable' ? 'unreachable' : 'refused' };
  if (asksLogin(resolved.document)) return { kind: 'login' };
  const urls = await endpointsOf(resolved.document, ports.ownOrigin);
  if (!urls) return { kind: 'refused' };
  const { jsonText } = resolved;
  return {
    ...urls,
    ...(jsonText === undefined ? {} : { documents: { ...documents, [mediatorDid]: jsonText } }),
  };
}

async function endpointsOf(
  document: DidDocument,
  ownOrigin: string,
): Promise<Pick<Found, 'httpUrl' | 'wsUrl'> | undefined> {
  if ((await usableKeys(document, 'X25519')).length === 0) return undefined;
  const allowed = document.services.flatMap(({ uri }) => {
    const verdict = judgeEndpoint(uri, ownOrigin);
    return verdict.kind === 'ok' ? [verdict.url] : [];
  });
  const http = allowed.find(({ protocol }) => protocol.startsWith('http'));
  const ws = allowed.find(({ protocol }) => protocol.startsWith('ws'));
  return http && { httpUrl: http.href, ...(ws ? { wsUrl: ws.href } : {}) };
}

interface Spoken {
  /** In the order to try them. */
  readonly mediation: readonly MediationVersion[];
  readonly pickup: '3.0' | '4.0';
}

/** Asks by exact names: some mediators read the match as a pattern of their own (interop.md section 4.1). */
async function versionsOf(
  ports: MediationPorts,
  account: MediatorAccount,
): Promise<Spoken | Failure> {
  const names = [...Object.values(COORDINATE_MEDIATION), ...Object.values(PICKUP)];
  const asked = await askMediator(ports, account, draftProtocolQueries(names));
  if (asked.kind === 'unreachable') return { kind: 'unreachable' };
  const told = asked.kind === 'reply' ? protocolsIn(asked.message) : [];
  const speaks = (name: string): boolean => told.includes(name);
  const mediation = (['3.0', '2.0'] as const).filter((one) => speaks(COORDINATE_MEDIATION[one]));
  return {
    // I15: who does not tell is asked in both, one after the other.
    mediation: mediation.length > 0 ? mediation : ['3.0', '2.0'],
    pickup: speaks(PICKUP['4.0']) ? '4.0' : '3.0',
  };
}

type Asked =
  | Failure
  | { readonly kind: 'denied' }
  | {
      readonly kind: 'granted';
      readonly version: MediationVersion;
      readonly routingDid: string;
    };

/** A report, a 4xx, a denial or silence is followed by the other version in a fresh envelope (rule I15). */
async function requestMediation(
  ports: MediationPorts,
  account: MediatorAccount,
  versions: readonly MediationVersion[],
): Promise<Asked> {
  let denied = false;
  for (const version of versions) {
    const asked = await askMediator(ports, account, draftMediateRequest(version));
    if (asked.kind === 'unreachable') return { kind: 'unreachable' };
    const answer = asked.kind === 'reply' ? readMediateAnswer(asked.message) : undefined;
    if (answer?.kind === 'granted') return { ...answer, version };
    denied ||= answer?.kind === 'denied';
  }
  return { kind: denied ? 'denied' : 'refused' };
}

/** The routing DID must be one that others can write to, and of no other mailbox of ours: contacts would not move. */
async function finish(
  ports: MediationPorts,
  account: MediatorAccount,
  pickup: Spoken['pickup'],
  asked: Exclude<Asked, { kind: 'denied' }>,
): Promise<Granted | Failure> {
  if (asked.kind !== 'granted') return asked;
  const { routingDid, version } = asked;
  if (!isDid(routingDid) || (await isOfAnother(ports, routingDid, account)))
    return { kind: 'refused' };
  const tried = await tryAddress(ports, routingDid);
  if (tried.kind !== 'ok') return tried;
  // The mediator may have moved with its answer (rule I21): what is stored of it holds.
  const payload = await storedAccount(ports, account.rowId);
  // Given up by the person meanwhile.
  if (!payload) return { kind: 'refused' };
  return { kind: 'granted', payload: { ...payload, routingDid, mediation: version, pickup } };
}

async function isOfAnother(
  ports: MediationPorts,
  routingDid: Did,
  { rowId }: MediatorAccount,
): Promise<boolean> {
  const mailboxes = [await readyMediator(ports), ...(await leavingMediators(ports))];
  return mailboxes.some((one) => one?.routingDid === routingDid && one.rowId !== rowId);
}

/** Makes an address there, and looks for a way to it as a contact would. */
async function tryAddress(
  ports: MediationPorts,
  routingDid: Did,
): Promise<Failure | { readonly kind: 'ok' }> {
  const address = await addressAt(routingDid);
  if (address === undefined) return { kind: 'refused' };
  const found = await waysTo(ports, address);
  if (found.kind === 'unreachable' || found.kind === 'login') return found;
  for (const { hops } of found.kind === 'ok' ? found.ways : []) {
    const keys = await Promise.all(hops.map(({ document }) => usableKeys(document)));
    if (keys.every(({ length }) => length > 0)) return { kind: 'ok' };
  }
  return { kind: 'refused' };
}

/** @returns undefined when the routing DID is too long to stand in a DID of ours */
async function addressAt(routingDid: Did): Promise<Did | undefined> {
  const [agreement, signing] = await Promise.all([generateAgreementKeys(), generateSigningKeys()]);
  try {
    return createPeer2({
      agreement: agreement.publicBytes,
      signing: signing.publicBytes,
      services: [{ uri: routingDid, accept: ['didcomm/v2'] }],
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
