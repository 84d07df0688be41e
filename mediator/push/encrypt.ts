import { createCipheriv, createECDH, ECDH, hkdfSync, randomBytes } from 'node:crypto';

// Message encryption for Web Push (RFC 8291): only the browser reads what is pushed, the push service does not.
// The npm package for it, web-push, has had no release for years and brings fourteen others.

const CURVE = 'prime256v1';
const RECORD_BYTES = 4096;
const LAST_RECORD = 2;

export interface Recipient {
  /** The browser's key, an uncompressed point, and the secret it shares with who sends. */
  readonly p256dh: Buffer;
  readonly auth: Buffer;
}

/** What an encryption draws by lot; given only where a published example is to be met. */
export interface Lot {
  readonly privateKey: Buffer;
  readonly salt: Buffer;
}

/** @returns a body of one record for `Content-Encoding: aes128gcm`. @throws when `p256dh` is not on the curve */
export function encryptPush(text: string, { p256dh, auth }: Recipient, lot?: Lot): Buffer {
  const local = createECDH(CURVE);
  if (lot) local.setPrivateKey(lot.privateKey);
  else local.generateKeys();
  const salt = lot?.salt ?? randomBytes(16);
  const publicKey = local.getPublicKey();
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, publicKey]);
  const input = derive(local.computeSecret(p256dh), auth, info, 32);
  const key = derive(input, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(input, salt, 'Content-Encoding: nonce\0', 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const header = Buffer.alloc(5);
  header.writeUInt32BE(RECORD_BYTES);
  header.writeUInt8(publicKey.length, 4);
  return Buffer.concat([
    salt,
    header,
    publicKey,
    cipher.update(Buffer.concat([Buffer.from(text), Buffer.of(LAST_RECORD)])),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

const derive = (input: Buffer, salt: Buffer, info: string | Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', input, salt, info, length));

export function isOnCurve(point: Uint8Array): boolean {
  try {
    ECDH.convertKey(point, CURVE);
    return true;
  } catch {
    return false;
  }
}
