import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

const base = 'https://didcomm.org/user-profile/1.0';

/** user-profile 1.0 (didcomm.org/user-profile/1.0): an absent field is unchanged, null or "" removes it. */
export const Profile = message(
  `${base}/profile`,
  v.object({
    profile: v.nullish(v.object({ displayName: v.optional(v.nullable(v.string())) }), {}),
    send_back_yours: v.nullish(v.boolean()),
  }),
);

export const RequestProfile = message(
  `${base}/request-profile`,
  v.object({ query: v.nullish(v.array(v.string())) }),
);
