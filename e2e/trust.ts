import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A home folder whose browsers trust one more certificate authority, as a phone that installed it. */
export interface TrustingHome {
  readonly folder: string;
  dispose(): void;
}

/** @param pem of the authority @throws Error without NSS's `certutil` (Debian: libnss3-tools) */
export function trustingHome(pem: string): TrustingHome {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-home-'));
  const database = path.join(folder, '.pki', 'nssdb');
  mkdirSync(database, { recursive: true });
  const file = path.join(folder, 'authority.pem');
  writeFileSync(file, pem);
  const certutil = (...args: string[]) =>
    execFileSync('certutil', ['-d', `sql:${database}`, ...args]);
  certutil('-N', '--empty-password');
  certutil('-A', '-n', 'parley', '-t', 'C,,', '-i', file);
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
