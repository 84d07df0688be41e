import type { PublicKey } from './did.ts';
import { findKey, formNames, OLD_FORMS, type OldKidForm } from './key-alias.ts';

/**
 * The old form in which a peer wrote the kid of a key, so that it can be addressed in the same (rule I3).
 * @returns undefined for the id of today, and for what names none of the keys
 */
export function oldKidForm(keys: readonly PublicKey[], kid: string): OldKidForm | undefined {
  const key = findKey(keys, kid);
  const fragment = kid.slice(kid.indexOf('#') + 1);
  if (!key || key.kid.endsWith(`#${fragment}`)) return undefined;
  return formNames.find((form) => OLD_FORMS[form](key.multibase) === fragment);
}
