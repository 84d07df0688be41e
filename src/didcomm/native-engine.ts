import { contentCiphers } from '../crypto/content-encryption.ts';
import { didOf, type ResolveDid } from '../did/did.ts';
import type { Bytes } from '../lib/bytes.ts';
import { isJsonObject, parseJson, parseJsonBytes, type JsonObject } from '../lib/json.ts';
import type { EnvelopeEngine, EnvelopeLimits, Layer, Secrets, Unpacked } from './engine.ts';
import { ENVELOPE_LIMITS, isTyp, refused } from './jose-header.ts';
import { openJwe, type OpenedJwe } from './jwe-open.ts';
import { parseJwe } from './jwe-parse.ts';
import { authcrypt, sealJwe } from './jwe-seal.ts';
import type { OpenedJws } from './jws.ts';
import { PLAIN_TYP } from './plaintext.ts';

/** Envelopes on Web Crypto, the same in page, service worker and Node. */
export const nativeEngine: EnvelopeEngine = {
  authcrypt,
  // The one content encryption that every receiver must know ("Curves and Content Encryption Algorithms").
  anoncrypt: (plaintext, recipients, enc = 'A256CBC-HS512') =>
    sealJwe(plaintext, recipients, { enc, cipher: contentCiphers[enc] }),
  sign: async (plaintext, signer) => (await import('./jws.ts')).sealJws(plaintext, signer),
  unpack,
};

async function unpack(
  packed: string,
  secrets: Secrets,
  resolve: ResolveDid,
  others?: Partial<EnvelopeLimits>,
): Promise<Unpacked> {
  const limits = { ...ENVELOPE_LIMITS, ...others };
  const layers: Layer[] = [];
  let content: Bytes | undefined;
  let parsed = parseJson(packed, limits);
  // Ends because R9 allows three layers at most.
  for (;;) {
    if (parsed.kind !== 'ok') return refused(parsed.kind);
    const envelope = parsed.value;
    if (!isJsonObject(envelope)) return refused('malformed');
    // A plaintext may have headers of any name.
    const isEnvelope =
      ('ciphertext' in envelope || 'payload' in envelope) && !(content && 'type' in envelope);
    if (!isEnvelope && content) return asPlaintext(envelope, content, layers);
    if (!isEnvelope) return refused('type' in envelope ? 'plaintext' : 'malformed'); // R1
    const opened = await openLayer(envelope, layers, secrets, resolve, limits.maxRecipients);
    if (opened.kind !== 'ok') return opened;
    layers.push(opened.layer);
    content = opened.content;
    parsed = parseJsonBytes(content, limits);
  }
}

const asPlaintext = (plaintext: JsonObject, bytes: Bytes, layers: readonly Layer[]): Unpacked =>
  isTyp(plaintext['typ'], PLAIN_TYP)
    ? { kind: 'ok', layers, plaintext, plaintextBytes: bytes }
    : refused('typ'); // R32

/**
 * R9, the legal nestings outermost first, one letter a layer (n anoncrypt, a authcrypt, s signed): so at
 * most two JWE and a JWS. `nas` is called wrong by messaging spec, "IANA Media Types", yet is the last
 * example of its appendix C.3; `as` may be accepted.
 */
const LEGAL_NESTING = /^n?a?s?$/;
const LETTERS = { anoncrypt: 'n', authcrypt: 'a', signed: 's' };

const isLegal = (layers: readonly Layer[], next: Layer['kind']): boolean =>
  LEGAL_NESTING.test(
    [...layers.map(({ kind }) => kind), next].map((kind) => LETTERS[kind]).join(''),
  );

async function openLayer(
  envelope: JsonObject,
  outer: readonly Layer[],
  secrets: Secrets,
  resolve: ResolveDid,
  maxRecipients: number,
): Promise<OpenedJwe | OpenedJws> {
  if (!('ciphertext' in envelope))
    return isLegal(outer, 'signed')
      ? (await import('./jws.ts')).openJws(envelope, resolve)
      : refused('nesting');
  const jwe = await parseJwe(envelope, maxRecipients);
  if (jwe.kind === 'refused') return jwe;
  if (!isLegal(outer, jwe.kind)) return refused('nesting');
  // R11 across layers: two DIDs of ours in one envelope would tie them together for the sender.
  const sameDid = outer.every(
    (layer) => layer.kind === 'signed' || didOf(layer.recipientKid) === jwe.recipientDid,
  );
  return sameDid ? openJwe(jwe, secrets, resolve) : refused('recipients');
}
