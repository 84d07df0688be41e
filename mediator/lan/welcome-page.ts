/** The page that a phone opens first, over plain http: it cannot open the app before it trusts it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

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
 * a failure whose cause browsers tell nobody, and the page stays. An iPad says that it is a Mac.
 */
export const openScript = (url: string): string => `const app = ${JSON.stringify(url)};
const look = () =>
  fetch(app + '/health', { mode: 'no-cors', cache: 'no-store' }).then(
    () => location.replace(app + '/'),
    () => undefined, // not trusted yet: what to do stands on the page
  );
if (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  document.querySelector('#apple').open = true;
look();
document.addEventListener('visibilitychange', () => document.hidden || look());
addEventListener('focus', look);
`;

const fileOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const STYLE = ['../../src/ui/theme/tokens.css', '../../src/ui/theme/base.css', 'welcome.css']
  .map(fileOf)
  .join('');
const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** A policy cannot name an IPv6 address, hence any https. */
export const WELCOME_CSP = `default-src 'none'; script-src 'self'; connect-src https:; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Device = 'apple' | 'android' | 'computer';

function deviceOf(userAgent: string): Device {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'apple';
  return userAgent.includes('Android') ? 'android' : 'computer';
}

const guides = (machine: string): readonly (readonly [Device, string, string])[] => [
  [
    'apple',
    'iPhone, iPad',
    `<ol>
<li>Download it in Safari, and tap Allow.</li>
<li>Settings &gt; General &gt; VPN &amp; Device Management &gt; <strong>Parley on ${machine}</strong> &gt; Install.</li>
<li>Settings &gt; General &gt; About &gt; Certificate Trust Settings: switch <strong>Parley on ${machine}</strong> on.</li>
</ol>`,
  ],
  [
    'android',
    'Android',
    `<ol>
<li>Search the settings for “CA certificate”. It is under Security, often in More security settings &gt; Encryption &amp; credentials &gt; Install a certificate.</li>
<li>Install anyway, and choose <strong>parley-ca.crt</strong> among the downloads.</li>
<li>Use Chrome or a browser made from it: Firefox has a list of its own.</li>
</ol>`,
  ],
  [
    'computer',
    'Computer',
    `<ul role="list">
<li><strong>Chrome, Edge</strong> on Linux: open chrome://certificate-manager, Local certificates &gt; Installed by you &gt; Trusted certificates &gt; Import.</li>
<li><strong>Firefox</strong>: Settings &gt; Privacy &amp; Security &gt; View certificates &gt; Authorities &gt; Import, for websites.</li>
<li><strong>Windows</strong>: open the file, Install certificate &gt; Current user &gt; Trusted Root Certification Authorities.</li>
<li><strong>Mac</strong>: open the file in Keychain Access, then its Trust &gt; Always Trust.</li>
</ul>`,
  ],
];

/** Two speech shapes meeting, as in the app. */
const MARK = `<svg viewBox="62 112 388 288" width="56" aria-hidden="true"><g fill="var(--primary)"><circle cx="186" cy="242" r="122"/><path d="M92 312c4 30 0 54-14 80 34-2 62-12 86-30z"/><circle cx="326" cy="242" r="122"/><path d="M420 312c-4 30 0 54 14 80-34-2-62-12-86-30z"/></g><path fill="var(--accent)" stroke="var(--bg)" stroke-width="20" stroke-linejoin="round" d="M256 142a122 122 0 0 1 0 200 122 122 0 0 1 0-200z"/></svg>`;

/** @param userAgent of the visitor: what to do on that device is unfolded, the rest a tap away */
export function welcomePage({ url, fingerprint, machine }: Welcome, userAgent: string): string {
  const device = deviceOf(userAgent);
  const details = guides(machine).map(
    ([id, name, steps]) =>
      `<details name="device" id="${id}"${id === device ? ' open' : ''}><summary>${name}</summary>${steps}</details>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Parley on this network</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
${MARK}
<h1>Parley on this network</h1>
<p class="lead">It runs on a computer near you, <strong>${machine}</strong>. Your browser opens it once it trusts that computer: a minute, once per device.</p>
</header>
<ol class="steps" role="list">
<li class="card">
<h2>Get the certificate</h2>
<a class="button primary" href="${CERTIFICATE_PATH}">Download the certificate</a>
</li>
<li class="card">
<h2>Trust it</h2>
${details.join('\n')}
</li>
<li class="card">
<h2>Come back here</h2>
<p>This page goes on to Parley by itself. If your browser warns of the address, the certificate is not trusted yet: do not go past the warning, Parley would not work.</p>
<a class="button" href="${url}/">Open Parley</a>
</li>
</ol>
<section class="card">
<h2>Is it the right one?</h2>
<p>The terminal of that computer shows the same fingerprint (SHA-256):</p>
<code>${fingerprint}</code>
<p class="note">The certificate can vouch for names and addresses of local networks only, never for a website. Take it away again in the same settings.</p>
</section>
</main>
<script src="${SCRIPT_PATH}"></script>
</body>
</html>
`;
}
