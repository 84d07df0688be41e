import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';
import { CONNECTION_REQUEST, CONNECTION_RESPONSE } from './types.ts';

/** What the invitation asked for: repeated by the request, and again by the response. */
export const Goals = v.object({
  goal_code: v.optional(v.nullable(v.string())),
  goal: v.optional(v.nullable(v.string())),
  accept: v.optional(v.nullable(v.array(v.string()))),
});
export type Goals = v.InferOutput<typeof Goals>;

/**
 * Mercury connections 1.0, the handshake of Identus agents (hyperledger-identus/cloud-agent,
 * mercury/protocol-connection). Not in the registry of didcomm.org. The invitee answers an invitation with a
 * request, the inviter that with a response; both keep the DIDs they have.
 */
export const ConnectionRequest = message(CONNECTION_REQUEST, Goals);
export const ConnectionResponse = message(CONNECTION_RESPONSE, Goals);
