import { fromBase64Url, toBase64Url } from '../../src/lib/base64url.ts';
import { concatBytes, randomBytes, utf8, type Bytes } from '../../src/lib/bytes.ts';

// The floor: what Web Crypto alone costs for one authcrypt envelope. The keys are given, the header is a
// constant, nothing is checked but the tag of the content; everything else an engine does is on top.

export interface FloorKeys {
  readonly senderPrivate: CryptoKey;
  readonly senderPublic: Bytes;
  readonly recipientPrivate: CryptoKey;
  readonly recipientPublic: Bytes;
  readonly kid: string;
  readonly skid: string;
}

const ALG = 'ECDH-1PU+A256KW';
const { subtle } = crypto;
const X25519 = { name: 'X25519' };
const CARRIER = { name: 'HMAC', hash: 'SHA-256' };

export async function floorPack(keys: FloorKeys, plaintext: Bytes): Promise<string> {
  const pair = (await subtle.generateKey(X25519, true, ['deriveBits'])) as CryptoKeyPair;
  const epk = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
  const apv = await digest(utf8(keys.kid));
  const head = toBase64Url(
    utf8(
      JSON.stringify({
        typ: 'application/didcomm-encrypted+json',
        alg: ALG,
        enc: 'A256CBC-HS512',
        skid: keys.skid,
        apu: toBase64Url(utf8(keys.skid)),
        apv: toBase64Url(apv),
        epk: { kty: 'OKP', crv: 'X25519', x: toBase64Url(epk) },
      }),
    ),
  );
  const [key, iv] = [randomBytes(64), randomBytes(16)];
  const cbc = await subtle.importKey('raw', key.subarray(32), 'AES-CBC', false, ['encrypt']);
  const ciphertext = new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv }, cbc, plaintext));
  const tag = await tagOf(key, utf8(head), iv, ciphertext);
  const recipient = await importPublic(keys.recipientPublic);
  const ze = await agree(pair.privateKey, recipient);
  const zs = await agree(keys.senderPrivate, recipient);
  const wrapping = await wrappingKey(ze, zs, utf8(keys.skid), apv, tag, 'wrapKey');
  const carrier = await subtle.importKey('raw', key, CARRIER, true, ['sign']);
  const wrapped = new Uint8Array(await subtle.wrapKey('raw', carrier, wrapping, 'AES-KW'));
  return JSON.stringify({
    protected: head,
    recipients: [{ header: { kid: keys.kid }, encrypted_key: toBase64Url(wrapped) }],
    iv: toBase64Url(iv),
    ciphertext: toBase64Url(ciphertext),
    tag: toBase64Url(tag),
  });
}

interface Envelope {
  readonly protected: string;
  readonly recipients: readonly [{ readonly encrypted_key: string }];
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}
interface Head {
  readonly apu: string;
  readonly apv: string;
  readonly epk: { readonly x: string };
}

/** @returns the plaintext, parsed */
export async function floorUnpack(keys: FloorKeys, packed: string): Promise<unknown> {
  const envelope = JSON.parse(packed) as Envelope;
  const head = JSON.parse(new TextDecoder().decode(bytes(envelope.protected))) as Head;
  const tag = bytes(envelope.tag);
  const [epk, sender] = await Promise.all([
    importPublic(bytes(head.epk.x)),
    importPublic(keys.senderPublic),
  ]);
  const [ze, zs] = await Promise.all([
    agree(keys.recipientPrivate, epk),
    agree(keys.recipientPrivate, sender),
  ]);
  const wrapping = await wrappingKey(ze, zs, bytes(head.apu), bytes(head.apv), tag, 'unwrapKey');
  const wrapped = bytes(envelope.recipients[0].encrypted_key);
  const carrier = await subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', CARRIER, true, [
    'sign',
  ]);
  const key = new Uint8Array(await subtle.exportKey('raw', carrier));
  const [iv, ciphertext] = [bytes(envelope.iv), bytes(envelope.ciphertext)];
  const [expected, cbc] = await Promise.all([
    tagOf(key, utf8(envelope.protected), iv, ciphertext),
    subtle.importKey('raw', key.subarray(32), 'AES-CBC', false, ['decrypt']),
  ]);
  if (toBase64Url(expected) !== envelope.tag) throw new Error('altered');
  const plaintext = await subtle.decrypt({ name: 'AES-CBC', iv }, cbc, ciphertext);
  return JSON.parse(new TextDecoder().decode(plaintext));
}

function bytes(text: string): Bytes {
  const decoded = fromBase64Url(text);
  if (!decoded) throw new Error('not base64url');
  return decoded;
}

const importPublic = (raw: Bytes): Promise<CryptoKey> =>
  subtle.importKey('raw', raw, X25519, true, []);
const agree = async (key: CryptoKey, publicKey: CryptoKey): Promise<Bytes> =>
  new Uint8Array(await subtle.deriveBits({ ...X25519, public: publicKey }, key, 256));
const digest = async (data: Bytes): Promise<Bytes> =>
  new Uint8Array(await subtle.digest('SHA-256', data));

async function wrappingKey(
  ze: Bytes,
  zs: Bytes,
  apu: Bytes,
  apv: Bytes,
  tag: Bytes,
  usage: 'wrapKey' | 'unwrapKey',
): Promise<CryptoKey> {
  const alg = utf8(ALG);
  const info = [alg, apu, apv].flatMap((part) => [uint32(part.length), part]);
  const whole = concatBytes(
    ...[uint32(1), ze, zs],
    ...info,
    ...[uint32(256), uint32(tag.length), tag],
  );
  return subtle.importKey('raw', await digest(whole), 'AES-KW', false, [usage]);
}

async function tagOf(key: Bytes, aad: Bytes, iv: Bytes, ciphertext: Bytes): Promise<Bytes> {
  const hmac = { name: 'HMAC', hash: 'SHA-512' };
  const mac = await subtle.importKey('raw', key.subarray(0, 32), hmac, false, ['sign']);
  const length = concatBytes(uint32(0), uint32(aad.length * 8));
  const whole = await subtle.sign('HMAC', mac, concatBytes(aad, iv, ciphertext, length));
  return new Uint8Array(whole, 0, 32);
}

function uint32(value: number): Bytes {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, value);
  return four;
}
