import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { isIP } from 'node:net';
import { bits, integer, octets, oid, sequence, setOf, tagged, text, time, truth } from './der.ts';

// X.509 certificates of a local network (RFC 5280): an authority of one's own, and the server's leaf.
// ECDSA on P-256, because every phone takes it. The signing and the keys are Node's.

const DAY_MS = 24 * 3600 * 1000;
const AUTHORITY_MS = 20 * 365 * DAY_MS;
/** Phones refuse a leaf of more than 397 days; a short one is as good, because it is renewed by itself. */
const LEAF_MS = 90 * DAY_MS;
const RENEW_BEFORE_MS = 30 * DAY_MS;
/** Phones whose clocks are late must take a certificate that was just made. */
const BACKDATE_MS = DAY_MS;

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const ORGANISATION = '2.5.4.10';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const NAME_CONSTRAINTS = '2.5.29.30';
const AUTHORITY_KEY_ID = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const DIGITAL_SIGNATURE = bits(Buffer.from([0x80]), 7);
const SIGN_CERTIFICATES = bits(Buffer.from([0x06]), 1);
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/**
 * What the authority may vouch for, whoever gets hold of its key: names and addresses that mean something
 * on a local network alone. A phone that trusts it still believes nothing of it about the rest of the world.
 */
const LOCAL_NAMES = ['localhost', 'local', 'lan', 'internal', 'home.arpa'];
const LOCAL_NETS = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
  ['fc00::', 7],
  ['fe80::', 10],
  ['::1', 128],
] as const;

/** Whether the authority may vouch for it, of the hosts that are local (`isLocalHost`). */
export const isVouchable = (host: string): boolean =>
  isIP(host) !== 0 || LOCAL_NAMES.some((name) => host === name || host.endsWith(`.${name}`));

/** Both as PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Leaf extends Credentials {
  /** When it should be replaced by a new one, in ms. */
  readonly renewAt: number;
}

/** @param name of this machine: people choose by it in their phone's list */
export function createAuthority(name: string, now: number): Credentials {
  const { publicKey, privateKey } = newKeys();
  const subject = distinguishedName(`Parley on ${name}`);
  const certificate = signed(privateKey, {
    issuer: subject,
    subject,
    publicKey,
    notBefore: now - BACKDATE_MS,
    notAfter: now + AUTHORITY_MS,
    extensions: [
      // May sign leaves, and no further authority.
      critical(BASIC_CONSTRAINTS, sequence(truth(), integer(0n))),
      critical(KEY_USAGE, SIGN_CERTIFICATES),
      critical(NAME_CONSTRAINTS, sequence(tagged(0xa0, ...permitted()))),
      extension(SUBJECT_KEY_ID, octets(keyId(publicKey))),
    ],
  });
  return { certificate, privateKey: pem(privateKey) };
}

/** @param hosts names and addresses, the first of them the one that people see; within the authority's nets */
export function issueLeaf(authority: Credentials, hosts: readonly string[], now: number): Leaf {
  const issuer = new X509Certificate(authority.certificate);
  const { publicKey, privateKey } = newKeys();
  const certificate = signed(createPrivateKey(authority.privateKey), {
    issuer: subjectOf(issuer),
    subject: distinguishedName(hosts[0] ?? ''),
    publicKey,
    notBefore: now - BACKDATE_MS,
    notAfter: now + LEAF_MS,
    extensions: [
      critical(BASIC_CONSTRAINTS, sequence()),
      critical(KEY_USAGE, DIGITAL_SIGNATURE),
      extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
      extension(SUBJECT_ALT_NAME, sequence(...hosts.map(generalName))),
      extension(SUBJECT_KEY_ID, octets(keyId(publicKey))),
      extension(AUTHORITY_KEY_ID, sequence(tagged(0x80, keyId(issuer.publicKey)))),
    ],
  });
  return { certificate, privateKey: pem(privateKey), renewAt: now + LEAF_MS - RENEW_BEFORE_MS };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

interface ToSign {
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: KeyObject;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Uint8Array[];
}

function signed(signer: KeyObject, parts: ToSign): string {
  const tbs = sequence(
    tagged(0xa0, integer(2n)), // version 3
    integer(BigInt(`0x01${randomBytes(15).toString('hex')}`)),
    ECDSA_SHA256,
    parts.issuer,
    sequence(time(parts.notBefore), time(parts.notAfter)),
    parts.subject,
    spki(parts.publicKey),
    tagged(0xa3, sequence(...parts.extensions)),
  );
  const der = sequence(tbs, ECDSA_SHA256, bits(sign('sha256', tbs, signer)));
  return new X509Certificate(der).toString();
}

const extension = (id: string, value: Uint8Array): Buffer => sequence(oid(id), octets(value));
const critical = (id: string, value: Uint8Array): Buffer =>
  sequence(oid(id), truth(), octets(value));

const distinguishedName = (commonName: string): Buffer =>
  sequence(
    setOf(sequence(oid(ORGANISATION), text('Parley'))),
    // At most 64 characters, by the standard.
    setOf(sequence(oid(COMMON_NAME), text(commonName.slice(0, 64)))),
  );

/** As it was written by `distinguishedName`: an issuer is compared byte by byte. */
const subjectOf = (certificate: X509Certificate): Buffer =>
  distinguishedName(/^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '');

/** The method (1) of RFC 5280 section 4.2.1.2: SHA-1 over the point, which stands at the end. */
const keyId = (key: KeyObject): Buffer =>
  createHash('sha1').update(spki(key).subarray(-65)).digest();

const generalName = (host: string): Buffer =>
  isIP(host) === 0
    ? tagged(DNS_NAME, Buffer.from(host, 'ascii'))
    : tagged(IP_ADDRESS, addressBytes(host));

const permitted = (): Buffer[] => [
  ...LOCAL_NAMES.map((name) => sequence(tagged(DNS_NAME, Buffer.from(name)))),
  ...LOCAL_NETS.map(([address, prefix]) => {
    const bytes = addressBytes(address);
    return sequence(tagged(IP_ADDRESS, bytes, mask(bytes.length, prefix)));
  }),
];

const mask = (length: number, prefix: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, prefix - i * 8))));

/** Four bytes or sixteen. @param address without a zone */
function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  const hex = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('');
  return Buffer.from(hex, 'hex');
}

/** What phones install, and what a client needs to believe the leaf. */
export const derOf = ({ certificate }: Credentials): Buffer =>
  Buffer.from(new X509Certificate(certificate).raw);

/** SHA-256 as people compare it, also with what the phone shows. */
export const fingerprintOf = ({ certificate }: Credentials): string =>
  new X509Certificate(certificate).fingerprint256;

/** Whether both parts are there and belong together. */
export function isAuthority({ certificate, privateKey }: Credentials): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    return parsed.ca && parsed.checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    return false; // no certificate, or no key
  }
}
