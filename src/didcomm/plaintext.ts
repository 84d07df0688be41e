import * as v from 'valibot';
import { isJsonObject, withoutNulls } from '../lib/json.ts';

/** The media types of DIDComm v2.1 (messaging spec, "Media Types"). */
export const PLAIN_TYP = 'application/didcomm-plain+json';
export const SIGNED_TYP = 'application/didcomm-signed+json';
export const ENCRYPTED_TYP = 'application/didcomm-encrypted+json';

export const AttachmentData = v.pipe(
  v.unknown(),
  v.transform((data) => withoutNulls(data, 'json')),
  v.object({
    base64: v.optional(v.string()),
    json: v.optional(v.unknown()),
    links: v.optional(v.array(v.string())),
    hash: v.optional(v.string()),
    jws: v.optional(v.unknown()),
  }),
);
export const Attachment = v.pipe(
  v.unknown(),
  v.transform((attachment) => withoutNulls(attachment)),
  v.object({
    id: v.optional(v.string()),
    description: v.optional(v.string()),
    filename: v.optional(v.string()),
    media_type: v.optional(v.string()),
    format: v.optional(v.string()),
    data: AttachmentData,
  }),
);
export type Attachment = v.InferOutput<typeof Attachment>;

const NUMBER = /^\d+(\.\d+)?$/;
/** ISO 8601 with a time; only this, because engines also read times into texts like `page 1`. */
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-][\d:]+)?$/i;

/** Seconds since the epoch. Peers also send text, floats and milliseconds (rule I45): read leniently, never trusted. */
export const WireTime = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((time) => {
    const seconds =
      typeof time === 'string' && !NUMBER.test(time) ? isoSeconds(time) : Number(time);
    return Math.floor(seconds > 100_000_000_000 ? seconds / 1000 : seconds);
  }),
  v.check((seconds) => Number.isFinite(seconds), 'not a time'),
);

/** Without a zone it is UTC, as every time of DIDComm. */
function isoSeconds(time: string): number {
  const [iso, zone] = ISO.exec(time) ?? [''];
  return Date.parse(zone ? iso : `${iso}Z`) / 1000;
}

/**
 * The headers of a plaintext message that Parley reads ("Message Headers"); others are dropped, which the
 * specification allows. `from` is a claim: only the trust gate may read it.
 */
export const Plaintext = v.object({
  id: v.string(),
  type: v.string(),
  typ: v.optional(v.string()),
  from: v.optional(v.string()),
  to: v.optional(v.array(v.string())),
  thid: v.optional(v.string()),
  pthid: v.optional(v.string()),
  created_time: v.optional(WireTime),
  expires_time: v.optional(WireTime),
  // A list would pass as a record of its indices.
  body: v.optional(
    v.nullable(v.pipe(v.custom<object>(isJsonObject), v.record(v.string(), v.unknown()))),
    {},
  ),
  attachments: v.optional(v.array(Attachment)),
  from_prior: v.optional(v.string()),
  return_route: v.optional(v.string()),
  lang: v.optional(v.string()),
  please_ack: v.optional(v.array(v.string())),
  ack: v.optional(v.union([v.array(v.string()), v.string()])),
});
export type Plaintext = v.InferOutput<typeof Plaintext>;

/**
 * A plaintext message as the rooms above the trust gate see it: without the claims `from` and
 * `from_prior`, whose truth the gate states separately.
 */
export type Message = Readonly<Omit<Plaintext, 'from' | 'from_prior' | 'body'>> & {
  readonly body: Readonly<Record<string, unknown>>;
};
