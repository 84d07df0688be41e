import type { Did, KeyId, PublicKey } from './did.ts';

/** The fragments by which older peers name a key (peer-did.md); its id of today is none of them. */
export const OLD_FORMS = {
  multibase: (multibase: string) => multibase,
  'without-z': (multibase: string) => multibase.slice(1),
  'first-8': (multibase: string) => multibase.slice(1, 9),
};
export type OldKidForm = keyof typeof OLD_FORMS;

/**
 * Finds the key that a received kid names. Beside its id of today a key is known by three older fragments:
 * its multibase form, the same without `z`, and the first 8 characters of that; each absolute
 * (`<did>#…`) or relative (`#…`). A kid that fits more than one key names none.
 * @param keys keys of one relationship, normally of one DID
 */
export function findKey(keys: readonly PublicKey[], kid: string): PublicKey | undefined {
  const at = kid.indexOf('#');
  if (at === -1) return undefined;
  const did = kid.slice(0, at);
  const fragment = kid.slice(at + 1);
  return onlyOne(keys.filter((key) => isNamed(key, did, fragment)));
}

/**
 * As `findKey`, for keys of our own: peers also address those as a did:key (`did:key:z6LS…`, with or without
 * fragment), which names the key by value and no DID of ours.
 */
export function findOwnKey(keys: readonly PublicKey[], kid: string): PublicKey | undefined {
  if (!kid.startsWith(DID_KEY)) return findKey(keys, kid);
  const [multibase, fragment = multibase] = kid.slice(DID_KEY.length).split('#');
  if (fragment !== multibase) return undefined;
  return onlyOne(keys.filter((key) => key.multibase === multibase));
}

const DID_KEY = 'did:key:';

/** The absolute id of a key in an old form. */
export const kidInForm = ({ kid, multibase }: PublicKey, form: OldKidForm): KeyId =>
  `${kid.slice(0, kid.indexOf('#')) as Did}#${OLD_FORMS[form](multibase)}`;

export const formNames = Object.keys(OLD_FORMS) as OldKidForm[];

function isNamed(key: PublicKey, did: string, fragment: string): boolean {
  const at = key.kid.indexOf('#');
  if (did !== '' && did !== key.kid.slice(0, at)) return false;
  return (
    fragment === key.kid.slice(at + 1) ||
    formNames.some((form) => OLD_FORMS[form](key.multibase) === fragment)
  );
}

const onlyOne = (found: readonly PublicKey[]): PublicKey | undefined =>
  found.length === 1 ? found[0] : undefined;
