import type { Did } from '../../did/did.ts';
import { on, type Draft, type Route } from '../../didcomm/router.ts';
import { draftReport, notEnrolled } from '../report-problem/messages.ts';
import {
  GetVapidKey,
  SetSubscription,
  Subscription,
  VapidKey,
  type PushSubscriptionBody,
} from './messages.ts';

/** The push subscriptions of a mediator's accounts. `undefined` means that the sender has no account. */
export interface Subscriptions {
  /** base64url of the uncompressed point. */
  readonly vapidPublicKey: string;
  /**
   * @param subscription undefined to have none
   * @returns `refused` when this mediator does not send to such an endpoint, or its key is none
   */
  set(
    account: Did,
    subscription: PushSubscriptionBody | undefined,
  ): Promise<'set' | 'refused' | undefined>;
}

export interface PushPorts {
  readonly subscriptions: Subscriptions;
}

interface SenderFacts {
  readonly sender: Did;
}

const REFUSED = {
  code: 'e.p.req.endpoint',
  comment: 'This mediator does not send to that push service.',
} as const;

export const servePush: readonly Route<SenderFacts, PushPorts>[] = [
  on(GetVapidKey, (_message, _facts: SenderFacts, { subscriptions }: PushPorts) => [
    reply(VapidKey.type, { vapid_public_key: subscriptions.vapidPublicKey }),
  ]),
  on(SetSubscription, async ({ id, body }, { sender }: SenderFacts, ports: PushPorts) => {
    const wanted = 'keys' in body ? body : undefined;
    const set = await ports.subscriptions.set(sender, wanted);
    if (set === undefined) return [draftReport(notEnrolled(sender), id)];
    return set === 'refused'
      ? [draftReport(REFUSED, id)]
      : [reply(Subscription.type, { endpoint: wanted?.endpoint ?? null })];
  }),
];

const reply = (type: string, body: Draft['body']): Draft => ({ type, body, thread: 'same' });
