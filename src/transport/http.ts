import { concatBytes, fromUtf8, type Bytes } from '../lib/bytes.ts';
import { ENCRYPTED_TYP } from '../didcomm/plaintext.ts';

export type PostOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The body as text; empty when there is none. */
      readonly body: string;
      /** Of 429 and 503, when the server names a delay. */
      readonly retryAfterMs: number | undefined;
    }
  /** No answer: offline, refused, timed out, redirected, or an answer over the cap. */
  | { readonly kind: 'unreachable' };

/** Sends bytes to an endpoint that `judgeEndpoint` let through, and reads what the answer holds. */
export interface HttpTransport {
  post(url: string, packed: string, maxAnswerBytes: number): Promise<PostOutcome>;
  /** Same-origin JSON, such as the mediator's own invitation; undefined when there is no 200. */
  getText(path: string): Promise<string | undefined>;
}

const TIMEOUT_MS = 15_000;

export const fetchTransport: HttpTransport = {
  post: async (url, packed, maxAnswerBytes) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': ENCRYPTED_TYP },
        body: packed,
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body = await readCapped(response, maxAnswerBytes);
      if (body === undefined) return { kind: 'unreachable' };
      const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
      return {
        kind: 'answered',
        status: response.status,
        body,
        retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
      };
    } catch {
      return { kind: 'unreachable' };
    }
  },
  getText: async (path) => {
    try {
      const response = await fetch(path, {
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return response.ok ? await readCapped(response, 64 * 1024) : undefined;
    } catch {
      return undefined;
    }
  },
};

/** Counts while reading, so that an endless answer ends at the cap. */
async function readCapped(response: Response, maxBytes: number): Promise<string | undefined> {
  if (!response.body) return '';
  const parts: Bytes[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
  return fromUtf8(concatBytes(...parts));
}
