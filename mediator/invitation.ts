import type { Did } from '../src/did/did.ts';
import { toBase64Url } from '../src/lib/base64url.ts';
import { utf8 } from '../src/lib/bytes.ts';
import {
  GOAL_REQUEST_MEDIATE,
  Invitation,
  PROFILE_DIDCOMM_V2,
} from '../src/protocols/out-of-band/messages.ts';
import { plainAsciiJson } from '../src/protocols/out-of-band/write.ts';
import { sha256 } from './did-hash.ts';

/** The mediator's own invitation, always the same one: anybody may use it, any number of times. */
export const mediatorInvitation = (from: Did): object => ({
  type: Invitation.type,
  id: toBase64Url(sha256(utf8(from)).slice(0, 16)),
  from,
  body: {
    goal_code: GOAL_REQUEST_MEDIATE,
    goal: 'Receive mail through this mediator',
    accept: [PROFILE_DIDCOMM_V2],
  },
});

/** @param url the public URL, without a slash at the end */
export const invitationLink = (url: string, invitation: object): string =>
  `${url}/i?_oob=${toBase64Url(utf8(plainAsciiJson(invitation)))}`;
