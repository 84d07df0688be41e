/** Of each kind, remembered at once. */
const MOST = 100_000;
/**
 * Forgotten at a time. A map's iterator walks over all that was deleted before its first entry, and the first
 * ones are what is deleted here: forgetting them one by one takes 45 µs each, and a sixteenth at once 1.
 */
const AT_ONCE = MOST / 16;

/** Writes what was touched last at the end, and forgets the longest untouched once there are too many. */
export function keepLast<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST) return;
  let surplus = AT_ONCE;
  for (const oldest of map.keys()) {
    if (surplus === 0) return;
    surplus -= 1;
    map.delete(oldest);
  }
}
