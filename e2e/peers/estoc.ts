import { startMediatorPeer, type MediatorPeer } from './mediator-peer.ts';

// A strict 3.0 mediator: estoc. Read in estoc-net/didcomm-mediator @ bff2e6e:
// - handled but not answered without `return_route`: src/agent.ts
// - coordinate-mediation 3.0 and pickup 3.0 alone: src/protocols/coordinate-mediation.ts, pickup.ts
// - a page holds ten at most; an empty one is a status: src/protocols/pickup.ts
// - verbs without a grant get no answer, forwards to strangers are dropped: src/protocols/pickup.ts, routing.ts
// - a socket pushes to the account, text frames: src/live.ts

export const startEstoc = (): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '3.0',
    unknown: 'silence',
    grant: 'array',
    stranger: 'silence',
    strictReturnRoute: true,
    maxPage: 10,
    honoursLimit: true,
    attachment: 'json',
    ackReply: 'status',
    unknownNext: 'silence',
    live: 'account',
  });
