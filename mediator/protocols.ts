import type { Did } from '../src/did/did.ts';
import { on, router, type Route, type Router } from '../src/didcomm/router.ts';
import { protocolOf, routeKey } from '../src/didcomm/message-type.ts';
import { BasicMessage } from '../src/protocols/basic-message/messages.ts';
import { serveBlindLinks, type BlindLinkPorts } from '../src/protocols/blind-link/mediator.ts';
import { serveKeylist, type KeylistPorts } from '../src/protocols/coordinate-mediation/mediator.ts';
import type { Disclosure } from '../src/protocols/discover-features/messages.ts';
import { answerQueries, type FeaturePorts } from '../src/protocols/discover-features/responder.ts';
import {
  servePickup,
  type LiveSession,
  type PickupPorts,
} from '../src/protocols/message-pickup/mediator.ts';
import { Invitation } from '../src/protocols/out-of-band/messages.ts';
import { ProblemReport } from '../src/protocols/report-problem/messages.ts';
import { servePush, type PushPorts } from '../src/protocols/push-notifications-webpush/mediator.ts';
import { serveForwards, type RelayPorts } from '../src/protocols/routing/mediator.ts';
import { serveTurn, type TurnPorts } from '../src/protocols/turn-credentials/mediator.ts';
import { TurnRequest } from '../src/protocols/turn-credentials/messages.ts';
import { answerPings } from '../src/protocols/trust-ping/receiver.ts';

/** What the envelope proved about somebody who gave a name. */
export interface SenderFacts {
  readonly sender: Did;
  readonly session: LiveSession | undefined;
}

export type AccountPorts = KeylistPorts &
  PickupPorts &
  FeaturePorts &
  BlindLinkPorts &
  PushPorts &
  TurnPorts;

/** A mediator reads no chat; clients that greet it are not refused. */
const dropTexts: Route<unknown, unknown> = on(BasicMessage, () => []);

/** Messages that need a proved sender. */
export const accountRouter: Router<SenderFacts, AccountPorts> = router<SenderFacts, AccountPorts>([
  ...serveKeylist,
  ...servePickup,
  ...serveBlindLinks,
  ...serveTurn,
  ...servePush,
  answerPings,
  answerQueries,
  dropTexts,
]);

const LABELS = new Map(accountRouter.types.map((type) => [routeKey(type), type] as const));

/** The type as we write it; `other` for what is not served: a stranger's word never names a series. */
export const typeLabel = (type: string): string => LABELS.get(routeKey(type)) ?? 'other';

/** The one thing that somebody unknown may ask for. */
export const forwardRouter: Router<unknown, RelayPorts> = router<unknown, RelayPorts>([
  serveForwards,
]);

const SERVED: readonly (readonly [
  role: string,
  messages: readonly Pick<Route<never, never>, 'message'>[],
])[] = [
  [
    'mediator',
    [
      ...serveKeylist,
      ...servePickup,
      ...serveBlindLinks,
      ...servePush,
      ...serveTurn,
      serveForwards,
    ],
  ],
  ['receiver', [answerPings, dropTexts]],
  ['responder', [answerQueries]],
  ['notified', [{ message: ProblemReport }]],
  ['sender', [{ message: Invitation }]],
];

/** What discover-features tells: every protocol, once. */
export const FEATURES: readonly Disclosure[] = SERVED.flatMap(([role, routes]) =>
  [...new Set(routes.map(({ message }) => protocolOf(message.type)))].map((id) => ({
    'feature-type': 'protocol',
    id,
    roles: [role],
  })),
);

/** The same of a mediator without a relay for calls. */
export const FEATURES_WITHOUT_RELAY: readonly Disclosure[] = FEATURES.filter(
  ({ id }) => id !== protocolOf(TurnRequest.type),
);
