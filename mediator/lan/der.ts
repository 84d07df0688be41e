// The little of DER (X.690) that a certificate is made of. Reading is left to Node.

const SEQUENCE = 0x30;
const SET = 0x31;
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** One value: its tag, the length of its content, its content. */
export function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = unsigned(BigInt(length));
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function unsigned(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(SEQUENCE, ...parts);
/** Of one member: no order to keep. */
export const setOf = (part: Uint8Array): Buffer => tagged(SET, part);
export const truth = (): Buffer => tagged(BOOLEAN, Buffer.from([0xff]));
export const octets = (content: Uint8Array): Buffer => tagged(OCTET_STRING, content);
export const text = (value: string): Buffer => tagged(UTF8_STRING, Buffer.from(value));

/** @param value not negative */
export function integer(value: bigint): Buffer {
  const bytes = unsigned(value);
  const sign = (bytes[0] ?? 0) & 0x80 ? Buffer.from([0]) : Buffer.alloc(0);
  return tagged(INTEGER, sign, bytes);
}

/** @param unusedBits at the end of the last byte */
export const bits = (content: Uint8Array, unusedBits = 0): Buffer =>
  tagged(BIT_STRING, Buffer.from([unusedBits]), content);

/** @param dotted such as `2.5.29.19` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

/** RFC 5280 section 4.1.2.5: two digits of the year until 2049, four from then on. */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  const late = Number(digits.slice(0, 4)) >= 2050;
  return tagged(late ? GENERALIZED_TIME : UTC_TIME, Buffer.from(late ? digits : digits.slice(2)));
}
