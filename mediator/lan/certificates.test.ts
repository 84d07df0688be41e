import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lanAddresses, machineName } from './addresses.ts';
import { keepRenewed, serverCertificate } from './authority.ts';
import { createAuthority, isAuthority, issueLeaf, type Credentials } from './certificates.ts';

const DAY_MS = 24 * 3600 * 1000;
const now = Date.now();
const authority = createAuthority('vm', now);
const HOSTS = ['192.168.1.5', 'fd00::2', '127.0.0.1', '::1', 'vm.local', 'localhost'];

const servers: Server[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serving(files: { key: string; cert: string }) {
  const server = createServer(files, (_, response) => response.end('ok'));
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** What a client that trusts this authority alone says of the server, asked by this name. */
async function judge(port: number, host: string, trusted: Credentials = authority) {
  const byName = /^[a-z]/.test(host) && !host.includes(':');
  const socket = connect({
    port,
    host: '127.0.0.1',
    ca: trusted.certificate,
    ...(byName ? { servername: host } : { checkServerIdentity: () => undefined }),
  });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate();
  } catch (fault) {
    return (fault as Error).message;
  } finally {
    socket.destroy();
  }
}

const filesOf = (leaf: Credentials) => ({
  key: leaf.privateKey,
  cert: leaf.certificate + authority.certificate,
});

describe('certificates of a local network', () => {
  test('a client that trusts the authority takes the leaf, by each of its names', async () => {
    const leaf = issueLeaf(authority, HOSTS, now);
    const { port } = await serving(filesOf(leaf));
    expect(await judge(port, 'localhost')).toMatchObject({ subject: { CN: '192.168.1.5' } });
    expect(await judge(port, 'vm.local')).toMatchObject({ issuer: { CN: 'Parley on vm' } });
    expect(await judge(port, 'other.local')).toMatch(/does not match/);
    expect(await judge(port, 'localhost', createAuthority('vm', now))).toMatch(
      /self-signed|unable to verify|signature/,
    );
    const certificate = new X509Certificate(leaf.certificate);
    for (const host of ['192.168.1.5', 'fd00::2', '127.0.0.1', '::1'])
      expect(certificate.checkIP(host)).toBe(host);
    expect(certificate.checkIP('192.168.1.6')).toBeUndefined();
  });

  test('the authority is believed about nothing outside a local network, whoever holds its key', async () => {
    for (const host of ['example.com', '8.8.8.8', '2001:db8::1', 'local.example.com']) {
      const { port } = await serving(filesOf(issueLeaf(authority, [host], now)));
      expect(await judge(port, '127.0.0.1'), host).toBe('permitted subtree violation');
    }
  });

  test('phones take them: a leaf of at most 397 days, server purpose, an authority that lasts', () => {
    const leaf = new X509Certificate(issueLeaf(authority, HOSTS, now).certificate);
    const days = (certificate: X509Certificate) =>
      (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / DAY_MS;
    expect(days(leaf)).toBeLessThanOrEqual(397);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.ca).toBe(false);
    const root = new X509Certificate(authority.certificate);
    expect([root.ca, days(root) > 3650, root.checkIssued(root)]).toEqual([true, true, true]);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(root.validFromDate.getTime()).toBeLessThan(now);
  });

  test('an authority is told from what is none', () => {
    expect(isAuthority(authority)).toBe(true);
    expect(isAuthority(issueLeaf(authority, HOSTS, now))).toBe(false);
    expect(isAuthority({ ...authority, privateKey: createAuthority('x', now).privateKey })).toBe(
      false,
    );
    expect(isAuthority({ certificate: '', privateKey: '' })).toBe(false);
  });
});

describe('renewal', () => {
  const sans = (found: PeerCertificate | string | undefined) =>
    typeof found === 'object' ? found.subjectaltname : found;

  test('a running server follows its addresses, and the end of its certificate', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let hosts: readonly string[] = ['192.168.1.5', 'localhost'];
    let time = now - 61 * DAY_MS;
    const certificate = serverCertificate(authority, hosts, time);
    const { server, port } = await serving(certificate.files);
    const renewing = keepRenewed(server, certificate, () => hosts, { now: () => time });
    const seen = async () => {
      vi.advanceTimersByTime(60_000);
      const found = await judge(port, 'localhost');
      if (typeof found !== 'object') throw new Error(found);
      return found;
    };
    const first = await seen();
    expect((await seen()).fingerprint256).toBe(first.fingerprint256);
    expect(sans(first)).toBe('IP Address:192.168.1.5, DNS:localhost');

    hosts = ['192.168.7.9', 'localhost'];
    const moved = await seen();
    expect(sans(moved)).toBe('IP Address:192.168.7.9, DNS:localhost');

    time += 59 * DAY_MS;
    expect((await seen()).fingerprint256).toBe(moved.fingerprint256);
    time += 2 * DAY_MS;
    expect((await seen()).fingerprint256).not.toBe(moved.fingerprint256);
    renewing.stop();
  });
});

describe('addresses', () => {
  const of = (address: string, internal = false) => ({
    address,
    internal,
    netmask: '',
    mac: '',
    cidr: null,
    ...(address.includes(':')
      ? ({ family: 'IPv6', scopeid: 0 } as const)
      : ({ family: 'IPv4' } as const)),
  });

  test('those of local networks, IPv4 first, and none that only this machine knows', () => {
    const found = lanAddresses({
      lo: [of('127.0.0.1', true)],
      eth0: [of('fd00::2'), of('fe80::1'), of('192.168.1.5'), of('93.184.216.34')],
      docker0: [of('172.17.0.1')],
      wlan0: [of('10.0.0.7'), of('2001:db8::1')],
    });
    expect(found.map(({ address }) => address)).toEqual(['192.168.1.5', '10.0.0.7', 'fd00::2']);
  });

  test('a name that a certificate can hold', () => {
    expect(machineName('Anna’s-MacBook.local')).toBe('anna-s-macbook');
    expect(machineName('…')).toBe('parley');
  });
});
