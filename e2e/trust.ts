import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** `CertificateMetadata { trust { trust_type: TRUSTED } }` of Chromium's server_certificate_database.proto. */
const TRUSTED = Uint8Array.of(0x0a, 2, 0x08, 3);

/**
 * Makes a browser of this profile, which has never run, trust one more certificate authority: what is written
 * is what Chromium's certificate manager writes when a person imports one (read off Chromium 156).
 * @param der of the authority
 */
export function trustAuthority(profile: string, der: Uint8Array): void {
  const folder = path.join(profile, 'Default');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(path.join(folder, 'ServerCertificate'));
  database.exec(`
    CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
    INSERT INTO meta VALUES ('version', '1'), ('last_compatible_version', '1');
    CREATE TABLE certificates(
      sha256hash_hex TEXT PRIMARY KEY, der_cert BLOB NOT NULL, trust_settings BLOB NOT NULL
    );
  `);
  database
    .prepare('INSERT INTO certificates VALUES (?, ?, ?)')
    .run(createHash('sha256').update(der).digest('hex'), der, TRUSTED);
  database.close();
}
