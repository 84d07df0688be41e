import { lookup } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ENCRYPTED_TYP } from '../src/didcomm/plaintext.ts';
import { isLocalHost } from '../src/lib/local-host.ts';

/**
 * Whether the mediator may send to this URL, which a stranger chose (security.md section 7.1): https
 * alone, no userinfo or fragment, no local address; a mediator that is itself local may send there.
 */
export function isAllowedEndpoint(text: string, ownIsLocal: boolean): boolean {
  if (text.length > 2048 || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  const local = isNoPublicHost(url.hostname);
  if (local && !ownIsLocal) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && local);
}

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly ownIsLocal: boolean;
  readonly timeoutMs: number;
}

export interface Sent {
  readonly status: number;
  readonly retryAfterSeconds?: number;
}

/** One POST, no redirect followed, the answer's body not read. @returns undefined when there was no answer */
export function send(
  text: string,
  body: string | Buffer,
  { headers, ownIsLocal, timeoutMs }: SendOptions,
): Promise<Sent | undefined> {
  const url = new URL(text);
  const order: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.timeout(timeoutMs),
    ...(ownIsLocal ? {} : { lookup: publicOnly }),
  };
  return new Promise((resolve) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(url, order, (response) => {
      response.resume();
      const { statusCode: status = 0, headers: answer } = response;
      const wait = answer['retry-after'];
      resolve({
        status,
        ...(wait !== undefined && /^\d{1,9}$/.test(wait)
          ? { retryAfterSeconds: Number(wait) }
          : {}),
      });
      response.destroy();
    });
    request.on('error', () => resolve(undefined));
    request.end(body);
  });
}

/** An envelope to the endpoint of its receiver. @returns whether it was answered by 2xx */
export async function postOnce(
  text: string,
  packed: string,
  options: Omit<SendOptions, 'headers'>,
): Promise<boolean> {
  const sent = await send(text, packed, { ...options, headers: { 'content-type': ENCRYPTED_TYP } });
  return sent !== undefined && sent.status >= 200 && sent.status <= 299;
}

/** A public name may point into the local net: what it resolves to is judged too, at the time of use. */
const publicOnly: NonNullable<RequestOptions['lookup']> = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = error ? [] : addresses.filter(({ address }) => !isLocalAddress(address));
    const [first] = allowed;
    if (error || !first) callback(error ?? new Error('no public address'), '');
    else if (options.all === true) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};

/** @param address as DNS gave it; a URL brings IPv6 into its one short form */
const isLocalAddress = (address: string): boolean =>
  isNoPublicHost(
    address.includes(':') ? new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname : address,
  );

const isNoPublicHost = (hostname: string): boolean =>
  isLocalHost(hostname) || isReserved(v4Of(hostname));

/** Also of one that is written as IPv6, which a URL brings into hexadecimal digits. */
function v4Of(hostname: string): readonly number[] {
  const host = hostname.replace(/\.+$/, '');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host.split('.').map(Number);
  const [, high = '', low = ''] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(host) ?? [];
  return [high, low].flatMap((hex) => {
    const half = parseInt(hex, 16);
    return Number.isNaN(half) ? [] : [half >> 8, half & 0xff];
  });
}

/** What no host of the Internet has: protocols' own, benchmarks, multicast, and the rest (RFC 6890, RFC 1112). */
const isReserved = ([a = 0, b, c]: readonly number[]): boolean =>
  a >= 224 || (a === 198 && (b === 18 || b === 19)) || (a === 192 && b === 0 && c === 0);
