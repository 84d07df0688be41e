import { LONGEST_WAIT_MS } from '../lib/backoff.ts';
import { concatBytes, type Bytes } from '../lib/bytes.ts';
import { ENCRYPTED_TYP } from '../didcomm/plaintext.ts';

export type PostOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The body as text, whatever bytes it holds; empty when there is none. */
      readonly body: string;
      /** When the server names a delay: a second to an hour. */
      readonly retryAfterMs: number | undefined;
    }
  /** No answer: offline, refused, timed out, redirected, or an answer over the cap. */
  | { readonly kind: 'unreachable' };

export type GetOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Where redirects ended. */
      readonly url: string;
      readonly bytes: Bytes;
    }
  /** As above; also a host that lets no other site read its answer (CORS). */
  | { readonly kind: 'unreachable' };

export interface GetOptions {
  readonly maxBytes: number;
  readonly redirect: 'error' | 'follow';
}

/** Sends bytes to an endpoint that `judgeEndpoint` let through, and reads what the answer holds. */
export interface HttpTransport {
  post(url: string, packed: string, maxAnswerBytes: number): Promise<PostOutcome>;
  /** Reads a public resource, from a URL that `judgeEndpoint` let through. */
  get(url: string, options: GetOptions): Promise<GetOutcome>;
  /** Same-origin JSON, such as the mediator's own invitation; undefined when there is no 200. */
  getText(path: string): Promise<string | undefined>;
}

const TIMEOUT_MS = 15_000;

const ask = (url: string, more: RequestInit): Promise<Response> =>
  fetch(url, {
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...more,
  });

const textOf = (bytes: Bytes): string => new TextDecoder().decode(bytes);

export const fetchTransport: HttpTransport = {
  post: async (url, packed, maxAnswerBytes) => {
    try {
      const headers = { 'content-type': ENCRYPTED_TYP };
      const response = await ask(url, { method: 'POST', headers, body: packed });
      const bytes = await readCapped(response, maxAnswerBytes);
      if (bytes === undefined) return { kind: 'unreachable' };
      return {
        kind: 'answered',
        status: response.status,
        body: textOf(bytes),
        retryAfterMs: readRetryAfter(response.headers.get('retry-after')),
      };
    } catch {
      return { kind: 'unreachable' };
    }
  },
  get: async (url, { maxBytes, redirect }) => {
    try {
      const response = await ask(url, { redirect });
      const bytes = await readCapped(response, maxBytes);
      return bytes
        ? { kind: 'answered', status: response.status, url: response.url, bytes }
        : { kind: 'unreachable' };
    } catch {
      return { kind: 'unreachable' };
    }
  },
  getText: async (path) => {
    try {
      const response = await ask(path, {});
      const bytes = response.ok ? await readCapped(response, 64 * 1024) : undefined;
      return bytes && textOf(bytes);
    } catch {
      return undefined;
    }
  },
};

/** Seconds; anything else (RFC 9110 section 10.2.3 also has dates) is left to our own backoff. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Math.max(1_000, Number(header) * 1_000), LONGEST_WAIT_MS);
}

/** Counts while reading, so that an endless answer ends at the cap. */
async function readCapped(response: Response, maxBytes: number): Promise<Bytes | undefined> {
  if (!response.body) return new Uint8Array();
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
  return concatBytes(...parts);
}
