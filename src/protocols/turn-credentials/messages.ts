import * as v from 'valibot';
import { DOC, message } from '../../didcomm/message-type.ts';

// turn-credentials 1.0, a protocol of our own: a mediator lends its accounts a relay for calls, for some
// minutes. The user name says nothing about who was given it.

const type = <const N extends string>(name: N) => `${DOC}/turn-credentials/1.0/${name}` as const;

export const TurnRequest = message(type('request'), v.object({}));

/** As `RTCConfiguration.iceServers` takes it. */
const IceServer = v.object({
  urls: v.array(v.pipe(v.string(), v.regex(/^(stun|turns?):/))),
  username: v.string(),
  credential: v.string(),
});

export const TurnCredentials = message(
  type('credentials'),
  v.object({
    ice_servers: v.array(IceServer),
    /** Seconds since the epoch; a call that has begun goes on. */
    expires_time: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
);
