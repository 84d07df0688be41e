import { isLocalHost } from '../lib/local-host.ts';

export type EndpointVerdict =
  | { readonly kind: 'ok'; readonly url: URL }
  | {
      readonly kind: 'refused';
      readonly why: 'not-a-url' | 'scheme' | 'userinfo' | 'fragment' | 'local';
    };

/**
 * Where the service worker may send to (security.md section 7.1): https and wss only, no userinfo or
 * fragment, and no local address, unless the app itself was opened from a local address. The app's own
 * origin is always allowed.
 * @param ownOrigin the app's origin, such as `http://localhost:8080`
 */
export function judgeEndpoint(text: string, ownOrigin: string): EndpointVerdict {
  if (text.length > 2048 || !URL.canParse(text)) return { kind: 'refused', why: 'not-a-url' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { kind: 'refused', why: 'userinfo' };
  if (url.hash !== '') return { kind: 'refused', why: 'fragment' };
  const own = new URL(ownOrigin);
  if (httpForm(url).origin === own.origin) return { kind: 'ok', url };
  const localOk = isLocalHost(own.hostname);
  const secure = url.protocol === 'https:' || url.protocol === 'wss:';
  const plain = url.protocol === 'http:' || url.protocol === 'ws:';
  if (!secure && !(plain && localOk && isLocalHost(url.hostname)))
    return { kind: 'refused', why: 'scheme' };
  if (isLocalHost(url.hostname) && !localOk) return { kind: 'refused', why: 'local' };
  return { kind: 'ok', url };
}

/** ws: and wss: URLs have an opaque origin of their own; compare them by their http twin. */
function httpForm(url: URL): URL {
  const twin = new URL(url);
  if (url.protocol === 'ws:' || url.protocol === 'wss:')
    twin.protocol = url.protocol === 'ws:' ? 'http:' : 'https:';
  return new URL(twin.href);
}
