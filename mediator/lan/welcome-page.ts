/** The page that a phone opens first, over plain http: it cannot open the app before it trusts it. */

export interface Welcome {
  /** Of the app, https, without a slash at the end. */
  readonly url: string;
  /** SHA-256 of the authority's certificate, as phones show it. */
  readonly fingerprint: string;
  readonly machine: string;
}

/** Paths of the set-up server. */
export const CERTIFICATE_PATH = '/ca';
export const SCRIPT_PATH = '/open.js';

/**
 * Asks for the app in the background: a browser that trusts the certificate is led there, any other gets
 * a failure that it shows to nobody, and the page stays.
 */
export const openScript = (url: string): string => `const app = ${JSON.stringify(url)};
const look = () =>
  fetch(app + '/health', { mode: 'no-cors', cache: 'no-store' })
    .then(() => location.replace(app + '/'))
    .catch(() => undefined);
look();
document.addEventListener('visibilitychange', () => document.hidden || look());
`;

/** A policy cannot name an IPv6 address, hence any https. */
export const WELCOME_CSP =
  "default-src 'none'; script-src 'self'; connect-src https:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const welcomePage = ({ url, fingerprint, machine }: Welcome): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley on this network</title>
<style>
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 34rem; padding: 1.25rem; }
  a.button { display: block; padding: .8rem 1rem; border-radius: .75rem; background: #0b57d0; color: #fff; font-weight: 600; text-align: center; text-decoration: none; }
  li { margin-block: .4rem; }
  code { overflow-wrap: anywhere; font-size: .85rem; }
  summary { font-weight: 600; padding-block: .5rem; }
</style>
<h1>Parley on this network</h1>
<p>Parley runs on a computer near you, ${machine}. A phone opens it once it trusts that computer's certificate: two steps, once per phone.</p>
<h2>1. Get the certificate</h2>
<p><a class="button" href="${CERTIFICATE_PATH}">Download the certificate</a></p>
<h2>2. Trust it</h2>
<details open>
<summary>iPhone, iPad</summary>
<ol>
<li>Download it in Safari, and tap Allow.</li>
<li>Settings &gt; General &gt; VPN &amp; Device Management &gt; Parley on ${machine} &gt; Install.</li>
<li>Settings &gt; General &gt; About &gt; Certificate Trust Settings: switch Parley on ${machine} on.</li>
</ol>
</details>
<details open>
<summary>Android</summary>
<ol>
<li>Settings &gt; Security &gt; More security settings &gt; Encryption &amp; credentials &gt; Install a certificate &gt; CA certificate. On some phones it is quicker to search the settings for “CA certificate”.</li>
<li>Install anyway, and choose parley-ca.crt among the downloads.</li>
</ol>
</details>
<details>
<summary>Computer</summary>
<p>Open the downloaded file and add it to the trusted certificate authorities of the system, or of the browser (Firefox: Settings &gt; Privacy &amp; Security &gt; Certificates).</p>
</details>
<h2>3. Open Parley</h2>
<p><a class="button" href="${url}/">Open Parley</a></p>
<p>Add it to the home screen there, if you like. This certificate can vouch for names and addresses of local networks only, never for a website. Take it away again in the same settings.</p>
<p>Its fingerprint (SHA-256), to compare with the computer's terminal:<br><code>${fingerprint}</code></p>
<script src="${SCRIPT_PATH}"></script>
</html>
`;
