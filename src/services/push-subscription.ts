import * as v from 'valibot';
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import type { Draft } from '../didcomm/router.ts';
import { draftProtocolQueries, protocolsIn } from '../protocols/discover-features/requester.ts';
import {
  GetVapidKey,
  PROTOCOL,
  PushSubscriptionBody,
  SetSubscription,
  Subscription,
  VapidKey,
} from '../protocols/push-notifications-webpush/messages.ts';
import { askMediator, type ControlPorts } from './control.ts';
import { noteMediator, type ReadyMediator } from './mediators.ts';
import { NOTICES_WANTED, PUSH_DUE, PUSH_STATE, type PushState } from './push-settings.ts';

/** The browser's side of being woken. */
export interface BrowserPush {
  /** Undefined in browsers without push. */
  readonly pushManager?: Pick<PushManager, 'getSubscription' | 'subscribe'>;
}

type Ports = ControlPorts & { readonly push: BrowserPush };

/**
 * Brings what the mailbox knows in line with what the person wants and the browser gives. Every step may be
 * taken again: what was done is read from the browser and from the mailbox's row.
 */
export async function followPush(
  ports: Ports,
  mediator: ReadyMediator,
  leaving: readonly ReadyMediator[],
): Promise<PushState> {
  const { settings } = ports.db;
  const due = await settings.get(PUSH_DUE);
  const wanted = (await settings.get(NOTICES_WANTED))?.value === true;
  // A browser gives one subscription, for one mailbox: those that are left are told, and need not hear it.
  for (const mailbox of leaving) await forget(ports, mailbox);
  const state = wanted ? await subscribe(ports, mediator) : await unsubscribe(ports, mediator);
  await ports.db.transaction('rw', settings, async () => {
    await settings.put({ id: PUSH_STATE, value: state });
    // Changed meanwhile: it is due again.
    const isSame = (await settings.get(PUSH_DUE))?.value === due?.value;
    if (state !== 'waiting' && isSame) await settings.delete(PUSH_DUE);
  });
  return state;
}

async function subscribe(ports: Ports, mediator: ReadyMediator): Promise<PushState> {
  const asked = await vapidKeyOf(ports, mediator);
  if (asked.kind !== 'key') return asked.kind;
  const subscription = await subscriptionFor(ports.push, asked.keyB64u);
  if (!subscription) return 'no-service';
  const told = await tell(ports, mediator, subscription);
  // What nobody will send to would only be renewed.
  if (told === 'no-mailbox-push')
    await (await ports.push.pushManager?.getSubscription())?.unsubscribe();
  return told === 'done' ? 'on' : told;
}

async function unsubscribe(ports: Ports, mediator: ReadyMediator): Promise<PushState> {
  // First here: then nobody is woken any more, whoever hears of it or not.
  await (await ports.push.pushManager?.getSubscription())?.unsubscribe();
  return (await forget(ports, mediator)) === 'waiting' ? 'waiting' : 'off';
}

/** Takes back what a mailbox was told. */
const forget = async (ports: Ports, mailbox: ReadyMediator): Promise<Told> =>
  mailbox.pushEndpoint ? tell(ports, mailbox, undefined) : 'done';

type VapidKeyAnswer =
  | { readonly kind: 'key'; readonly keyB64u: string }
  | { readonly kind: 'waiting' | 'no-mailbox-push' };

async function vapidKeyOf(ports: Ports, mediator: ReadyMediator): Promise<VapidKeyAnswer> {
  const features = await askMediator(ports, mediator, draftProtocolQueries([PROTOCOL]));
  if (features.kind === 'unreachable') return { kind: 'waiting' };
  if (features.kind !== 'reply' || !protocolsIn(features.message).includes(PROTOCOL))
    return { kind: 'no-mailbox-push' };
  const asked = await askMediator(ports, mediator, draft(GetVapidKey.type, {}));
  if (asked.kind === 'unreachable') return { kind: 'waiting' };
  const answer =
    asked.kind === 'reply' && asked.message.type === VapidKey.type
      ? v.safeParse(VapidKey.body, asked.message.body)
      : undefined;
  return answer?.success
    ? { kind: 'key', keyB64u: answer.output.vapid_public_key }
    : { kind: 'no-mailbox-push' };
}

/** @returns undefined when the browser gives none */
async function subscriptionFor(
  { pushManager: manager }: BrowserPush,
  keyB64u: string,
): Promise<PushSubscriptionBody | undefined> {
  if (!manager) return undefined;
  const there = await manager.getSubscription();
  const boundTo = there?.options.applicationServerKey;
  const isOurs = boundTo != null && toBase64Url(new Uint8Array(boundTo)) === keyB64u;
  if (there && !isOurs) await there.unsubscribe();
  try {
    const subscription =
      there && isOurs
        ? there
        : await inTime(
            manager.subscribe({
              userVisibleOnly: true,
              applicationServerKey: fromBase64Url(keyB64u) ?? new Uint8Array(),
            }),
          );
    const { endpoint, expirationTime, keys } = subscription.toJSON();
    const body = {
      endpoint,
      keys,
      expiration_time: expirationTime == null ? null : Math.floor(expirationTime / 1000),
    };
    const parsed = v.safeParse(PushSubscriptionBody, body);
    return parsed.success ? parsed.output : undefined;
  } catch (error) {
    // Blocked, or no push service to be reached.
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/** Without its push service a browser may answer never, and what comes after would wait. */
const SUBSCRIBE_MS = 10_000;

const inTime = (subscribing: Promise<PushSubscription>): Promise<PushSubscription> =>
  Promise.race([
    subscribing,
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new DOMException('', 'TimeoutError')), SUBSCRIBE_MS);
    }),
  ]);

type Told = 'done' | 'waiting' | 'no-mailbox-push';

async function tell(
  ports: Ports,
  mailbox: ReadyMediator,
  subscription: PushSubscriptionBody | undefined,
): Promise<Told> {
  const body = subscription ?? { endpoint: null, keys: null };
  const asked = await askMediator(ports, mailbox, draft(SetSubscription.type, body));
  if (asked.kind === 'unreachable') return 'waiting';
  const answer =
    asked.kind === 'reply' && asked.message.type === Subscription.type
      ? v.safeParse(Subscription.body, asked.message.body)
      : undefined;
  const holds =
    answer?.success === true && (answer.output.endpoint ?? '') === (body.endpoint ?? '');
  await noteMediator(ports, mailbox.rowId, { pushEndpoint: holds ? (body.endpoint ?? '') : '' });
  return holds ? 'done' : 'no-mailbox-push';
}

const draft = (type: string, body: Draft['body']): Draft => ({ type, body, thread: 'new' });
