import { concatBytes, fromUtf8, utf8, type Bytes } from '../lib/bytes.ts';

/** What came out of a sealed row. `newer` and `damaged` rows are left as they lie, never deleted. */
export type OpenedRow =
  | { readonly kind: 'ok'; readonly value: unknown }
  /** Sealed by a later version of Parley, or under a key generation that is not at hand. */
  | { readonly kind: 'newer' }
  /** Altered, moved from another row or table, or sealed under another key. */
  | { readonly kind: 'damaged' };

/** Seals and opens the rows of one domain. */
export interface RowSealer {
  /**
   * @param id the row's random or hashed id; it and `table` hold no "|"
   * @param value anything that JSON can hold
   */
  seal(table: string, id: string, value: unknown): Promise<Bytes>;
  open(table: string, id: string, sealed: Bytes): Promise<OpenedRow>;
}

// [Note: Sealed row]
// ver(1) alg(1) gen(2, big-endian) iv(12), for alg 2 also eph(32); then ciphertext and tag(16).
// Plaintext: length of the JSON (4, big-endian), the JSON, zeros up to 64, 128, 256, ... bytes.
// A later algorithm or layout gets a new alg or ver, so that this version knows to leave it alone.
const VERSION = 1;
/** Of what the JSON means to the tables; part of the AAD, fixed for as long as VERSION is 1. */
const SCHEMA_VERSION = 1;
/** AES-256-GCM under a key of the table or domain. */
export const ALG_AES_GCM = 1;
/** AES-256-GCM under a key agreed with an ephemeral X25519 key. */
export const ALG_X25519_AES_GCM = 2;

const IV_START = 4;
export const HEADER_LENGTH = 16;
const LENGTH_BYTES = 4;
const SMALLEST = 64;
const TAG_LENGTH = 16;
const MAX_GENERATION = 0xffff;

/** @param gen generation of the key that all rows are sealed under, 1 to 65,535 */
export function rowSealer(gen: number, keyOf: (table: string) => Promise<CryptoKey>): RowSealer {
  return {
    seal: async (table, id, value) =>
      sealJson(newHeader(ALG_AES_GCM, gen), await keyOf(table), { table, id, gen }, value),
    open: async (table, id, sealed) =>
      faultOfHeader(sealed, ALG_AES_GCM, gen) ??
      openJson(sealed, HEADER_LENGTH, await keyOf(table), { table, id, gen }),
  };
}

/** @param extra what the algorithm adds in the clear behind the iv */
export function newHeader(alg: number, gen: number, extra?: Bytes): Bytes {
  if (gen < 1 || gen > MAX_GENERATION) throw new RangeError(`key generation ${gen}`);
  const header = new Uint8Array(HEADER_LENGTH + (extra?.length ?? 0));
  header.set([VERSION, alg, gen >> 8, gen & 0xff]);
  crypto.getRandomValues(header.subarray(IV_START, HEADER_LENGTH));
  if (extra) header.set(extra, HEADER_LENGTH);
  return header;
}

/** Undefined when the row says it was sealed by `alg` under `gen`. */
export function faultOfHeader(
  sealed: Bytes,
  alg: number,
  gen: number,
): { readonly kind: 'newer' | 'damaged' } | undefined {
  if (sealed.length < IV_START) return { kind: 'damaged' };
  const [version, sealedAlg, high = 0, low = 0] = sealed;
  const known = version === VERSION && sealedAlg === alg && high * 256 + low === gen;
  if (!known) return { kind: 'newer' };
  return sealed.length < HEADER_LENGTH + TAG_LENGTH ? { kind: 'damaged' } : undefined;
}

/** Where a row belongs; sealed rows open nowhere else. */
export interface RowPlace {
  readonly table: string;
  readonly id: string;
  /** Generation of the key. */
  readonly gen: number;
}

export async function sealJson(
  header: Bytes,
  key: CryptoKey,
  place: RowPlace,
  value: unknown,
): Promise<Bytes> {
  // Both come from this program; with "|" in them two places could have the same AAD.
  if (place.table.includes('|') || place.id.includes('|'))
    throw new TypeError('"|" in a row place');
  const additionalData = aadOf(place);
  const iv = header.subarray(IV_START, HEADER_LENGTH);
  const padded = pad(value);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, padded);
  return concatBytes(header, new Uint8Array(sealed));
}

/** The header must have been checked. */
export async function openJson(
  sealed: Bytes,
  headerLength: number,
  key: CryptoKey,
  place: RowPlace,
): Promise<OpenedRow> {
  const iv = sealed.subarray(IV_START, HEADER_LENGTH);
  try {
    const padded = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: aadOf(place) },
      key,
      sealed.subarray(headerLength),
    );
    return unpad(new Uint8Array(padded));
  } catch (error) {
    if (isRefusal(error)) return { kind: 'damaged' };
    throw error;
  }
}

const aadOf = ({ table, id, gen }: RowPlace): Bytes =>
  utf8(`dw1|${table}|${id}|${gen}|${SCHEMA_VERSION}`);

/** Web Crypto's answer to bytes that do not fit the key (a tag that is wrong); other errors are bugs. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && error.name === 'OperationError';

function pad(value: unknown): Bytes {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError('not a JSON value');
  const text = utf8(json);
  let size = SMALLEST;
  while (size < LENGTH_BYTES + text.length) size *= 2;
  const padded = new Uint8Array(size);
  new DataView(padded.buffer).setUint32(0, text.length);
  padded.set(text, LENGTH_BYTES);
  return padded;
}

/** The tag was right, so anything odd in here is the work of another program that holds the key. */
function unpad(padded: Bytes): OpenedRow {
  if (padded.length < LENGTH_BYTES) return { kind: 'damaged' };
  const end = LENGTH_BYTES + new DataView(padded.buffer).getUint32(0);
  const json = end > padded.length ? undefined : fromUtf8(padded.subarray(LENGTH_BYTES, end));
  if (json === undefined) return { kind: 'damaged' };
  try {
    return { kind: 'ok', value: JSON.parse(json) as unknown };
  } catch {
    return { kind: 'damaged' };
  }
}
