// Node has the global `CryptoKey`, but @types/node 24 declares its type in node:crypto only.
import type { webcrypto } from 'node:crypto';

declare global {
  type CryptoKey = webcrypto.CryptoKey;
}
