import { aesCbcHmac } from './aes-cbc-hmac.ts';
import type { ContentCipher } from './content-cipher.ts';

type Work = Pick<ContentCipher, 'seal' | 'open'>;

/** A cipher that only others write with: its code is loaded with the first such envelope. */
const loaded = (ivLength: number, load: () => Promise<Work>): ContentCipher => ({
  keyLength: 32,
  ivLength,
  tagLength: 16,
  seal: async (...parts) => (await load()).seal(...parts),
  open: async (...parts) => (await load()).open(...parts),
});

/** The content encryptions of messaging spec, "Curves and Content Encryption Algorithms". */
export const contentCiphers = {
  'A256CBC-HS512': aesCbcHmac,
  A256GCM: loaded(12, async () => (await import('./aes-gcm.ts')).aesGcm),
  XC20P: loaded(24, async () => (await import('./xc20p.ts')).xc20p),
} as const satisfies Readonly<Record<string, ContentCipher>>;

export type ContentCipherName = keyof typeof contentCiphers;

export const isContentCipherName = (name: unknown): name is ContentCipherName =>
  typeof name === 'string' && Object.hasOwn(contentCiphers, name);
