/** Private, loopback, link-local, unique-local and shared addresses, and names only a local net resolves. */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, '');
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
  // Only 2000::/3 is handed out to the world (RFC 4291 section 2.4), and 2002::/16 leads into an IPv4 net.
  return !/^[23][0-9a-f]{3}:/.test(address) || address.startsWith('2002:');
}
