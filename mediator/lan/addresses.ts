import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { isLocalHost } from '../../src/lib/local-host.ts';

/** Nets that machines make inside themselves: no phone is there. */
const INNER =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|podman|cni|flannel|utun|tun|tap|wg|tailscale|zt)/;
/** Addresses that name no machine by themselves: fe80::/10 needs to be told the net. */
const LINK_LOCAL = /^fe[89ab]/i;

export interface LanAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The addresses of this machine on local networks, IPv4 first. */
export function lanAddresses(interfaces = networkInterfaces()): readonly LanAddress[] {
  const found = Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    INNER.test(name)
      ? []
      : addresses
          .filter(({ internal, address }) => !internal && !LINK_LOCAL.test(address))
          .filter(({ address }) => isLocalHost(hostInUrl(address)))
          .map(({ address }) => ({ address, family: isIPv6(address) ? 6 : 4 }) as const),
  );
  return found.toSorted((a, b) => a.family - b.family);
}

/** The one that people should open: that of the way out, where a phone's own way leads too. */
export async function mainAddress(candidates = lanAddresses()): Promise<string | undefined> {
  const outward = await wayOut();
  return (candidates.find(({ address }) => address === outward) ?? candidates[0])?.address;
}

/** The address that packets to the world leave from; none is sent (TEST-NET-3, RFC 5737). */
async function wayOut(): Promise<string | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.connect(9, '203.0.113.1');
    await once(socket, 'connect');
    return socket.address().address;
  } catch {
    return undefined; // there is no way out: an access point without internet
  } finally {
    socket.close();
  }
}

/** As people may call this machine where names are found without a server (mDNS). */
export function machineName(name = hostname()): string {
  const [first = ''] = name.toLowerCase().split('.');
  return (
    first
      .replace(/[^a-z0-9-]/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63) || 'parley'
  );
}

export const hostInUrl = (address: string): string => (isIPv6(address) ? `[${address}]` : address);
