/**
 * The one Trusted Types policy of the page. The Content Security Policy names it (`trusted-types
 * app`) and refuses any other, so every script url the page starts code from passes this list; the
 * policy makes no HTML and no scripts.
 */
const SCRIPTS: readonly string[] = ['/sw.js', '/sw-compat.js', '/dev-sw.js?dev-sw'];

// lib.dom of TypeScript 6.0.3 does not know Trusted Types.
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}
interface ScriptUrlPolicy {
  createScriptURL(url: string): { toString(): string };
}

const allowListed = (url: string): string => {
  if (!SCRIPTS.includes(url)) throw new TypeError('not a script of Parley');
  return url;
};

const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const policy: ScriptUrlPolicy = trustedTypes?.createPolicy('app', {
  createScriptURL: allowListed,
}) ?? { createScriptURL: allowListed };

/**
 * A url that `register()` and `new Worker()` accept: a TrustedScriptURL where the browser has them,
 * else the string. Typed as the string those functions declare. Throws for a url that is not on the
 * list.
 */
export const scriptUrl = (url: string): string => policy.createScriptURL(url) as string;
