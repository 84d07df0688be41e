import * as v from 'valibot';
import { fromBase64Url } from '../../lib/base64url.ts';
import { DOC, message } from '../../didcomm/message-type.ts';

// blind-link 1.0, a protocol of our own: a mediator keeps the sealed content of a short link for the
// wallet that made it, and gives it to whoever asks for its id. Neither id nor content tells it anything:
// both come from a secret that stands in the link's fragment alone (seal.ts).

export const LINK_ID_BYTES = 16;
/** Content comes in steps, so that its length says little, and is never longer than four of them. */
export const CONTENT_STEP_BYTES = 1024;
export const MAX_CONTENT_BYTES = 4 * CONTENT_STEP_BYTES;
/** Longer than this no mediator keeps a link. */
export const MAX_LINK_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

const bytes = (fits: (length: number) => boolean, what: string) =>
  v.pipe(
    v.string(),
    v.check((text) => fits(fromBase64Url(text)?.length ?? -1), what),
  );
/** 16 bytes, base64url. */
const LinkId = bytes((length) => length === LINK_ID_BYTES, 'not an id of 16 bytes');
/** One to four steps of 1,024 bytes, base64url. */
const Content = bytes(
  (length) => length > 0 && length <= MAX_CONTENT_BYTES && length % CONTENT_STEP_BYTES === 0,
  'not one to four times 1024 bytes',
);
/** Seconds since the epoch. */
const Seconds = v.pipe(v.number(), v.integer(), v.minValue(0));

const type = <const N extends string>(name: N) => `${DOC}/blind-link/1.0/${name}` as const;

/** Keep this until then; the same id of the same account replaces what was there. */
export const Put = message(
  type('put'),
  v.object({ id: LinkId, content: Content, expires_time: Seconds }),
);
/** Kept, until the time it says: not later than was asked for. */
export const Stored = message(type('stored'), v.object({ id: LinkId, expires_time: Seconds }));
export const Remove = message(type('remove'), v.object({ id: LinkId }));
/** Not there any more, whether it was there before or not. */
export const Removed = message(type('removed'), v.object({ id: LinkId }));
