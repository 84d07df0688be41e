import { protocolOf } from '../didcomm/message-type.ts';
import { later, router, type Dispatched } from '../didcomm/router.ts';
import type { Message } from '../didcomm/plaintext.ts';
import type { Disclosure } from '../protocols/discover-features/messages.ts';
import { noteDisclosures, type DisclosurePorts } from '../protocols/discover-features/requester.ts';
import { answerQueries, type FeaturePorts } from '../protocols/discover-features/responder.ts';
import type { InviteePorts } from '../protocols/mercury-connections/invitee.ts';
import type { InviterPorts } from '../protocols/mercury-connections/inviter.ts';
import { CONNECTION_REQUEST, CONNECTION_RESPONSE } from '../protocols/mercury-connections/types.ts';
import { receiveReceiptRequests } from '../protocols/receipts/requests.ts';
import type { ReceiptPorts } from '../protocols/receipts/wallet.ts';
import { noteReports, type ReportPorts } from '../protocols/report-problem/wallet.ts';
import { answerPings } from '../protocols/trust-ping/receiver.ts';
import { notePingResponses } from '../protocols/trust-ping/sender.ts';
import {
  answerProfileRequests,
  receiveProfiles,
  type ProfilePorts,
} from '../protocols/user-profile/wallet.ts';
import { chatRouter } from './chat-messages.ts';

// What contacts may say to the wallet beside their chat. A protocol is added by its folder and a line here.

export type OtherPorts = ReceiptPorts &
  ProfilePorts &
  DisclosurePorts &
  ReportPorts &
  InviteePorts &
  InviterPorts;

const mercury = () => import('./mercury.ts');

const otherRouter = router<undefined, OtherPorts & FeaturePorts>([
  receiveReceiptRequests,
  receiveProfiles,
  answerProfileRequests,
  answerPings,
  notePingResponses,
  answerQueries,
  noteDisclosures,
  noteReports,
  later(CONNECTION_REQUEST, async () => (await mercury()).answerRequests),
  later(CONNECTION_RESPONSE, async () => (await mercury()).noteResponses),
]);

/** Type URIs of everything that contacts may say. */
export const contactTypes: readonly string[] = [...chatRouter.types, ...otherRouter.types];

const features: readonly Disclosure[] = [...new Set(contactTypes.map(protocolOf))].map((id) => ({
  'feature-type': 'protocol',
  id,
}));

export const dispatchOther = (message: Message, ports: OtherPorts): Promise<Dispatched> =>
  otherRouter.dispatch(message, undefined, { ...ports, features });
