import * as v from 'valibot';
import {
  exportPkcs8,
  generateAgreementKeys,
  generateSigningKeys,
  importAgreementPrivate,
  importSigningPrivate,
  type OwnKeyPair,
} from '../src/crypto/keys.ts';
import { fromBase64Url, toBase64Url } from '../src/lib/base64url.ts';
import { jsonOf, type Settings } from './settings.ts';
import { StoreError } from './store/errors.ts';

const bytes = (length?: number) =>
  v.pipe(
    v.string(),
    v.transform(fromBase64Url),
    v.check((decoded) => decoded !== undefined && decoded.length === (length ?? decoded.length)),
    v.transform((decoded) => decoded ?? new Uint8Array()),
  );
const Pair = v.object({ publicB64u: bytes(32), pkcs8B64u: bytes() });
const KeyPairs = v.object({ agreement: Pair, signing: Pair });
const KeysFile = v.object({
  version: v.literal(1),
  ...KeyPairs.entries,
  /** Those before, the latest first. */
  former: v.optional(v.array(KeyPairs), []),
});

/** X25519 and Ed25519; the private keys are not extractable. */
export interface KeySet {
  readonly agreement: OwnKeyPair;
  readonly signing: OwnKeyPair;
}

/** The keys of a mediator: everything that must be kept so that it stays the same one. */
export interface MediatorKeys extends KeySet {
  /** Keys it had before: DIDs that were made from them are answered to for ever, and given to nobody new. */
  readonly former?: readonly KeySet[];
}

/** The keys of this mediator, made at its first start, and the secret text that they are kept as. */
export async function loadKeys(
  settings: Settings,
): Promise<MediatorKeys & { readonly text: string }> {
  const text = await settings.once('keys', newKeys);
  return { ...(await readKeys(text)), text };
}

/** @throws Error when they are there but broken: new keys would lose every account its mediator */
export async function readKeys(text: string): Promise<MediatorKeys> {
  const { former, ...current } = parseKeys(text);
  return { ...(await imported(current)), former: await Promise.all(former.map(imported)) };
}

/**
 * Makes new keys and keeps those of today as former ones. A mediator that runs takes them at its next start.
 * @throws StoreError where no mediator has ever been
 * @returns how many former pairs there are now; undefined when somebody else changed the keys meanwhile
 */
export async function rotateKeys(settings: Settings): Promise<number | undefined> {
  const kept = await settings.once('keys', () => {
    throw new StoreError('store/unavailable', 'there are no keys of a mediator');
  });
  parseKeys(kept);
  const { agreement, signing, former = [] } = JSON.parse(kept) as StoredKeys;
  const made = JSON.parse(await newKeys()) as StoredKeys;
  const all = [{ agreement, signing }, ...former];
  const replaced = await settings.replace('keys', kept, JSON.stringify({ ...made, former: all }));
  return replaced ? all.length : undefined;
}

/** As it is kept. */
type StoredKeys = v.InferInput<typeof KeysFile>;

function parseKeys(kept: string): v.InferOutput<typeof KeysFile> {
  const parsed = v.safeParse(KeysFile, jsonOf(kept));
  if (!parsed.success)
    throw new StoreError('store/unavailable', 'the keys of this mediator are there, but broken');
  return parsed.output;
}

const imported = async ({
  agreement,
  signing,
}: v.InferOutput<typeof KeyPairs>): Promise<KeySet> => ({
  agreement: {
    publicBytes: agreement.publicB64u,
    privateKey: await importAgreementPrivate(agreement.pkcs8B64u),
  },
  signing: {
    publicBytes: signing.publicB64u,
    privateKey: await importSigningPrivate(signing.pkcs8B64u),
  },
});

async function newKeys(): Promise<string> {
  const stored = async ({ publicBytes, privateKey }: OwnKeyPair) => ({
    publicB64u: toBase64Url(publicBytes),
    pkcs8B64u: toBase64Url(await exportPkcs8(privateKey)),
  });
  const agreement = await stored(await generateAgreementKeys());
  const signing = await stored(await generateSigningKeys());
  return JSON.stringify({ version: 1, agreement, signing });
}
