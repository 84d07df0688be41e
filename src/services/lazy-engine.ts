import type { EnvelopeEngine } from '../didcomm/engine.ts';

const load = async (): Promise<EnvelopeEngine> =>
  (await import('../didcomm/native-engine.ts')).nativeEngine;

/** The engine for pages: loaded with the first message that is packed. */
export const lazyEngine: EnvelopeEngine = {
  authcrypt: async (...args) => (await load()).authcrypt(...args),
  anoncrypt: async (...args) => (await load()).anoncrypt(...args),
  sign: async (...args) => (await load()).sign(...args),
  unpack: async (...args) => (await load()).unpack(...args),
};
