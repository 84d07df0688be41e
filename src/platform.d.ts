// The few Web APIs that every environment of Parley shares (page, service worker, Node), declared here
// because the shared rooms are compiled without DOM, WebWorker or Node types: whatever is not in this
// file cannot be used there.

interface CryptoKey {
  readonly type: 'private' | 'public' | 'secret';
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: string[];
}

interface CryptoKeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
type KeyUsage =
  'encrypt' | 'decrypt' | 'sign' | 'verify' | 'deriveKey' | 'deriveBits' | 'wrapKey' | 'unwrapKey';
interface PlatformAlgorithm {
  readonly name: string;
}

interface SubtleCrypto {
  digest(algorithm: string, data: BufferSource): Promise<ArrayBuffer>;
  generateKey(
    algorithm: PlatformAlgorithm,
    extractable: boolean,
    usages: KeyUsage[],
  ): Promise<CryptoKey | CryptoKeyPair>;
  importKey(
    format: 'raw' | 'pkcs8' | 'spki',
    data: BufferSource,
    algorithm: PlatformAlgorithm & Readonly<Record<string, unknown>>,
    extractable: boolean,
    usages: KeyUsage[],
  ): Promise<CryptoKey>;
  exportKey(format: 'raw' | 'pkcs8' | 'spki', key: CryptoKey): Promise<ArrayBuffer>;
  deriveBits(
    algorithm: PlatformAlgorithm & Readonly<Record<string, unknown>>,
    key: CryptoKey,
    length: number,
  ): Promise<ArrayBuffer>;
  encrypt(
    algorithm: PlatformAlgorithm & Readonly<Record<string, unknown>>,
    key: CryptoKey,
    data: BufferSource,
  ): Promise<ArrayBuffer>;
  decrypt(
    algorithm: PlatformAlgorithm & Readonly<Record<string, unknown>>,
    key: CryptoKey,
    data: BufferSource,
  ): Promise<ArrayBuffer>;
  sign(
    algorithm: string | PlatformAlgorithm,
    key: CryptoKey,
    data: BufferSource,
  ): Promise<ArrayBuffer>;
  verify(
    algorithm: string | PlatformAlgorithm,
    key: CryptoKey,
    signature: BufferSource,
    data: BufferSource,
  ): Promise<boolean>;
  wrapKey(
    format: 'raw' | 'pkcs8',
    key: CryptoKey,
    wrappingKey: CryptoKey,
    algorithm: PlatformAlgorithm & Readonly<Record<string, unknown>>,
  ): Promise<ArrayBuffer>;
  unwrapKey(
    format: 'raw' | 'pkcs8',
    wrapped: BufferSource,
    unwrappingKey: CryptoKey,
    unwrapAlgorithm: PlatformAlgorithm & Readonly<Record<string, unknown>>,
    unwrappedAlgorithm: PlatformAlgorithm & Readonly<Record<string, unknown>>,
    extractable: boolean,
    usages: KeyUsage[],
  ): Promise<CryptoKey>;
}

interface Crypto {
  readonly subtle: SubtleCrypto;
  getRandomValues<T extends ArrayBufferView<ArrayBuffer>>(array: T): T;
}
declare const crypto: Crypto;

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: BufferSource): string;
}
declare function atob(text: string): string;
declare function btoa(text: string): string;
