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

/** Private, loopback, link-local, unique-local and shared addresses, and names only a local net resolves. */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host.startsWith('[')) return isLocalV6(host.slice(1, -1));
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (v4) return isLocalV4(Number(v4[1]), Number(v4[2]));
  return !host.includes('.') || /\.(localhost|local|internal|lan|home\.arpa)$/.test(host);
}

function isLocalV4(a: number, b: number): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168)
  );
}

function isLocalV6(address: string): boolean {
  const mapped = /^::ffff:([0-9a-f]+):[0-9a-f]+$/.exec(address);
  if (mapped) {
    const high = parseInt(mapped[1] ?? '0', 16);
    return isLocalV4(high >> 8, high & 0xff);
  }
  return address === '::' || address === '::1' || /^f[cd]|^fe[89ab]/.test(address);
}
