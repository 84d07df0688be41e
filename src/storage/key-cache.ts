/** Makes each named key once. */
export function perName<V>(make: (name: string) => Promise<V>): (name: string) => Promise<V> {
  const made = new Map<string, Promise<V>>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    const fresh = make(name);
    made.set(name, fresh);
    return fresh;
  };
}

/** Makes a key when it is first needed, once. */
export function once<V>(make: () => Promise<V>): () => Promise<V> {
  let made: Promise<V> | undefined;
  return () => (made ??= make());
}
