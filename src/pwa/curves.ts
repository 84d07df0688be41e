/**
 * Makes sure that this page knows X25519 and Ed25519: by the browser, or else by /curves.js, which no other
 * browser ever loads. Call before anything makes or opens a key.
 * @returns which of the two it was
 */
export async function ensureCurves(): Promise<'native' | 'added'> {
  if (await hasCurves()) return 'native';
  // A path and no module: the bundler must not make it part of the page.
  const path = import.meta.env.DEV ? '/src/curves/curves.ts' : '/curves.js';
  await (import(/* @vite-ignore */ path) as Promise<unknown>);
  return 'added';
}

async function hasCurves(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']);
    await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    return true;
  } catch (error) {
    // Web Crypto section 18.4.4: an algorithm that is not there.
    if (error instanceof DOMException && error.name === 'NotSupportedError') return false;
    throw error;
  }
}
