import type { Server } from 'node:https';
import type { Clock } from '../../src/lib/clock.ts';
import type { Settings } from '../settings.ts';
import { lanAddresses, machineName } from './addresses.ts';
import { createAuthority, isAuthority, issueLeaf, type Credentials } from './certificates.ts';

/** What a TLS server is given. */
export interface TlsFiles {
  readonly key: string;
  /** The leaf, then its authority. */
  readonly cert: string;
}

/**
 * The authority of this machine, made at the first start.
 * @throws Error when it is there but broken: a new one would have to be trusted again on every phone
 */
export async function loadAuthority(settings: Settings, now: number): Promise<Credentials> {
  const kept = await settings.once('lan-authority', async () =>
    JSON.stringify(createAuthority(machineName(), now)),
  );
  const authority = JSON.parse(kept) as Credentials;
  if (!isAuthority(authority)) throw new Error('lan-authority.json is there, but broken');
  return authority;
}

/** Every name by which this machine may be opened, the one that people see first. */
export const hostsOf = (host: string): readonly string[] => [
  ...new Set([
    host,
    ...lanAddresses().map(({ address }) => address),
    `${machineName()}.local`,
    'localhost',
    '127.0.0.1',
    '::1',
  ]),
];

/** The certificate in use: made anew when the names change or its end comes near. */
export interface ServerCertificate {
  readonly files: TlsFiles;
  /** @returns whether there are new files */
  renew(hosts: readonly string[], now: number): boolean;
}

export function serverCertificate(
  authority: Credentials,
  hosts: readonly string[],
  now: number,
): ServerCertificate {
  const make = (names: readonly string[], at: number) => ({
    names: names.join(),
    leaf: issueLeaf(authority, names, at),
  });
  let current = make(hosts, now);
  return {
    get files() {
      const { certificate, privateKey } = current.leaf;
      return { key: privateKey, cert: `${certificate}${authority.certificate}` };
    },
    renew: (names, at) => {
      if (names.join() === current.names && at < current.leaf.renewAt) return false;
      current = make(names, at);
      return true;
    },
  };
}

const LOOK_MS = 30_000;

/** Gives the server a new certificate when it needs one; connections that are open stay as they are. */
export function keepRenewed(
  server: Pick<Server, 'setSecureContext'>,
  certificate: ServerCertificate,
  hosts: () => readonly string[],
  clock: Clock,
): { stop: () => void } {
  const timer = setInterval(() => {
    if (certificate.renew(hosts(), clock.now())) server.setSecureContext(certificate.files);
  }, LOOK_MS);
  return { stop: () => clearInterval(timer) };
}
