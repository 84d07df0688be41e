import { startMediatorPeer, type MediatorPeer } from './mediator-peer.ts';

// Mediators that differ in a few habits each. Read at the commits named; files are those of their repositories.

/**
 * RootsID, roots-id/didcomm-mediator @ 0f80884. protocols/mediator_coordination.py: rotated DID per client, proved
 * by the grant alone, second request denied, routing DID of its own; main.py: 202 with `application/json`, `null`
 * when there is nothing; protocols/pickup.py: json attachments, `e.m.live-delivery-not-supported`. Its library
 * (didcomm-python) adds no `from`, `to` or `thid` to replies.
 */
export const startRootsId = (): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '2.0',
    unknown: 400,
    grant: 'string',
    deniesRepeats: true,
    stranger: 'silence',
    reply: { status: 202, type: 'application/json', none: 'null' },
    // The library drops the names, but didcomm-rust based senders' `from` is what R15 needs to compare.
    bare: 'nameless',
    rotates: true,
    ownRoutingDid: true,
    honoursLimit: true,
    attachment: 'json',
    ackReply: 'status',
    unknownNext: 'silence',
    live: { refusal: 'e.m.live-delivery-not-supported' },
  });

/**
 * Blocktrust, bsandmann/blocktrust.Mediator @ 36b8dfd. Blocktrust.Mediator.Server/Controllers/MediatorController.cs:
 * plain text bodies, 400 without return_route; Common/Commands/: rotation and denial as RootsID, `limit` ignored.
 */
export const startBlocktrust = (): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '2.0',
    unknown: 'report',
    grant: 'string',
    deniesRepeats: true,
    stranger: 'report',
    reply: { status: 200, type: 'text/plain' },
    rotates: true,
    honoursLimit: false,
    attachment: 'json',
    ackReply: 'status',
    unknownNext: 'report',
    live: { refusal: 'e.m.live-mode-not-supported' },
  });

/**
 * adorsys, adorsys/didcomm-mediator-rs @ e5e6ca2. crates/web-plugins/didcomm-messaging/: ids `urn:uuid:…`, replies
 * in a thread of their own, denial with body null, unsupported types as 4xx text, no live mode, routing DID of the
 * client, 202 with body. Its did:web identity is left to a test of its own.
 */
export const startAdorsys = (): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '2.0',
    unknown: 400,
    grant: 'string',
    deniesRepeats: true,
    denyBody: null,
    stranger: 'report',
    strictReturnRoute: true,
    reply: { status: 202, type: 'application/json' },
    bare: 'own-thid',
    idPrefix: 'urn:uuid:',
    ownRoutingDid: true,
    honoursLimit: true,
    attachment: 'json',
    ackReply: 'status',
    unknownNext: 'silence',
    live: { refusal: 'e.m.live-mode-not-supported' },
    noSocket: true,
  });

/**
 * SICPA, sicpa-dlab/didcomm-mediator-ts @ a0a05cb. src/pickup/: deletes on delivery; src/mediate/: routing_did as a
 * list under 2.0; src/didcomm/: `application/ssi-agent-wire`; its WebSocket wants a header that browsers cannot set.
 */
export const startSicpa = (): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '2.0',
    unknown: 'report',
    grant: 'array',
    stranger: 'report',
    reply: { status: 200, type: 'application/ssi-agent-wire' },
    honoursLimit: true,
    attachment: 'base64',
    deletesOnDelivery: true,
    ackReply: 'status',
    unknownNext: 'report',
    live: { refusal: 'e.m.live-mode-not-supported' },
    noSocket: true,
  });

/**
 * Veramo 7.0.1, packages/did-comm/src/protocols/: `updates` for `updated`, denial with body null, no live mode. Its
 * authcrypt follows an older draft and fits nobody's; here it is the standard one.
 */
export const startVeramo = (): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '3.0',
    unknown: 'silence',
    grant: 'array',
    denyBody: null,
    updatedAs: 'updates',
    stranger: 'silence',
    bare: 'no-thid',
    honoursLimit: true,
    attachment: 'json-text',
    ackReply: 'status',
    unknownNext: 'silence',
    live: { refusal: 'e.m.live-mode-not-supported' },
    noSocket: true,
  });

/** Credo, openwallet-foundation/credo-ts `feat/didcomm-v2` @ 03d457ea: padded base64, `lastmod_time`, binary frames. */
export const startCredoLike = (): Promise<MediatorPeer> =>
  startMediatorPeer({
    mediation: '2.0',
    matches: (pattern, id) => pattern === id,
    unknown: 'report',
    grant: 'string',
    stranger: 'report',
    honoursLimit: true,
    attachment: 'base64-padded',
    ackReply: 'none',
    unknownNext: 'report',
    live: 'bare',
    socketFrames: 'binary',
  });
