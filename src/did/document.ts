import { canAgree, canSign } from '../crypto/multicodec.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { Did, DidDocument, KeyCurve, KeyId, PublicKey } from './did.ts';
import { didCommServices } from './service.ts';
import { readVerificationMethod } from './verification-method.ts';

/**
 * Normalises a DID document in JSON: ids relative or absolute, methods listed or embedded in a relationship,
 * keys in any format. Methods and references that are not understood, or that name another DID, are left
 * out: a document must never lend a key to a DID other than its own.
 * @returns undefined when a member has the wrong shape, or one id stands for two keys
 */
export function normaliseDocument(
  json: JsonObject,
  did: Did,
  alsoKnownAs: readonly Did[],
): DidDocument | undefined {
  const methods = arrayOf(json['verificationMethod']);
  const agreement = arrayOf(json['keyAgreement']);
  const authentic = arrayOf(json['authentication']);
  const printedServices = arrayOf(json['service']);
  const services = printedServices && didCommServices(printedServices);
  if (!methods || !agreement || !authentic || !services) return undefined;

  const keys = keysById([...methods, ...agreement, ...authentic], did);
  if (!keys) return undefined;
  const keyAgreement = relationship(agreement, did, keys, canAgree);
  const authentication = relationship(authentic, did, keys, canSign);
  return { did, keyAgreement, authentication, services, alsoKnownAs };
}

/** Every method that is written out, wherever it stands; references (texts) are passed over. */
function keysById(
  entries: readonly JsonValue[],
  did: Did,
): ReadonlyMap<KeyId, PublicKey> | undefined {
  const keys = new Map<KeyId, PublicKey>();
  for (const entry of entries) {
    const kid = isJsonObject(entry) ? keyIdOf(entry['id'], did) : undefined;
    const key = kid && readVerificationMethod(entry as JsonObject, kid);
    if (!key) continue;
    if ((keys.get(kid)?.multibase ?? key.multibase) !== key.multibase) return undefined;
    keys.set(kid, key);
  }
  return keys;
}

/** The keys of one relationship, in its order, each once. */
function relationship(
  entries: readonly JsonValue[],
  did: Did,
  keys: ReadonlyMap<KeyId, PublicKey>,
  fits: (curve: KeyCurve) => boolean,
): readonly PublicKey[] {
  const found = new Set<PublicKey>();
  for (const entry of entries) {
    const kid = keyIdOf(isJsonObject(entry) ? entry['id'] : entry, did);
    const key = kid && keys.get(kid);
    if (key && fits(key.curve)) found.add(key);
  }
  return [...found];
}

/** A fragment of this DID as an absolute key id; undefined for ids of others. */
function keyIdOf(id: JsonValue | undefined, did: Did): KeyId | undefined {
  if (typeof id !== 'string') return undefined;
  if (id.startsWith('#')) return `${did}${id as `#${string}`}`;
  return id.startsWith(`${did}#`) ? (id as KeyId) : undefined;
}

const arrayOf = (value: JsonValue | undefined): readonly JsonValue[] | undefined => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : undefined;
};
