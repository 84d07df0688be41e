import { startMediatorPeer, type MediatorPeer } from './mediator-peer.ts';

// The Identus mediator. Read in hyperledger-identus/mediator @ dfb6cd6b (and 189ded7), under
// mediator/src/main/scala/org/hyperledger/identus/mediator/:
// - an exchange without a reply is held 3 s, then 202; content type compared exactly: MediatorAgent.scala
// - one id is cleared per acknowledgement, `limit` is ignored, no reply to it: protocols/PickupExecuter.scala
// - a known envelope is dejavu, a new forward around a known message not_enroll: MediatorAgent.scala,
//   db/MessageItemRepo.scala, protocols/ForwardMessageExecuter.scala
// - reports to senders unknown are signed, pthid "?" when nothing was opened: protocols/Problems.scala
// - live mail is encrypted to the forward's `next`, in the forward's thread: AgentExecutorMediator.scala
// - `match` is a full-match regular expression: protocols/DiscoverFeaturesExecuter.scala
// - coordinate-mediation 2.0 only, routing_did a string: protocols/MediatorCoordinationExecuter.scala

/** @param holdMs how long an exchange without a reply is held; 3 s in the real one */
export const startIdentusMediator = (holdMs = 3_000): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '2.0',
    matches: (pattern, id) => new RegExp(`^(?:${pattern})$`).test(id),
    unknown: 'report',
    grant: 'string',
    stranger: 'report',
    exactContentType: true,
    holdMs,
    honoursLimit: false,
    attachment: 'base64',
    ackReply: 'none',
    singleAck: true,
    dejavu: true,
    reportsInnerTwins: true,
    unknownNext: 'report',
    live: 'recipient',
  });
