import { protocolOf } from '../didcomm/message-type.ts';
import { later, router } from '../didcomm/router.ts';
import { receiveTexts, type ChatPorts } from '../protocols/basic-message/wallet.ts';
import { answerQueries, type FeaturePorts } from '../protocols/discover-features/responder.ts';
import { Disclose, type Disclosure } from '../protocols/discover-features/messages.ts';
import { ProblemReport } from '../protocols/report-problem/messages.ts';
import {
  receiveReceiptRequests,
  receiveReceipts,
  type ReceiptPorts,
} from '../protocols/receipts/wallet.ts';
import type { InviteePorts } from '../protocols/mercury-connections/invitee.ts';
import type { InviterPorts } from '../protocols/mercury-connections/inviter.ts';
import { CONNECTION_REQUEST, CONNECTION_RESPONSE } from '../protocols/mercury-connections/types.ts';
import { noteEmpty } from '../protocols/empty/empty.ts';
import type { DisclosurePorts } from '../protocols/discover-features/requester.ts';
import type { ReportPorts } from '../protocols/report-problem/wallet.ts';
import { notePingResponses } from '../protocols/trust-ping/sender.ts';
import { answerPings } from '../protocols/trust-ping/receiver.ts';
import {
  answerProfileRequests,
  receiveProfiles,
  type ProfilePorts,
} from '../protocols/user-profile/wallet.ts';

export type ContactPorts = ChatPorts &
  ReceiptPorts &
  ProfilePorts &
  FeaturePorts &
  DisclosurePorts &
  ReportPorts &
  InviteePorts &
  InviterPorts;

const mercury = () => import('./mercury.ts');

/** What contacts may say to the wallet. A protocol is added by its folder and a line here. */
export const contactRouter = router<undefined, ContactPorts>([
  receiveTexts,
  receiveReceiptRequests,
  receiveReceipts,
  receiveProfiles,
  answerProfileRequests,
  answerPings,
  notePingResponses,
  answerQueries,
  later(
    Disclose.type,
    async () => (await import('../protocols/discover-features/requester.ts')).noteDisclosures,
  ),
  later(
    ProblemReport.type,
    async () => (await import('../protocols/report-problem/wallet.ts')).noteReports,
  ),
  later(CONNECTION_REQUEST, async () => (await mercury()).answerRequests),
  later(CONNECTION_RESPONSE, async () => (await mercury()).noteResponses),
  noteEmpty,
]);

export const contactFeatures: readonly Disclosure[] = [
  ...new Set(contactRouter.types.map(protocolOf)),
].map((id) => ({ 'feature-type': 'protocol', id }));
