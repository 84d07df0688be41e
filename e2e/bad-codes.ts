import { toBase64Url } from '../src/lib/base64url.ts';
import { toMultibase } from '../src/crypto/multibase.ts';
import type { CodeFault } from '../src/state/views.ts';
import { base64Url, ed25519, peer2With, peer4Around, x25519 } from '../src/testing/peer-did.ts';

// Texts that somebody may hold before the camera or paste, and what Parley must say to each.

/** Without what only a wallet can know: whether the code is its own or that of somebody it knows. */
export type Fault = Exclude<CodeFault, { kind: 'own' | 'own-over' | 'known' }>;

export interface BadCode {
  readonly name: string;
  readonly text: string;
  readonly fault: Fault;
  /** The text is a sound invitation by itself: only a look at its sender's DID tells. */
  readonly sender?: true;
}

const INVITATION = 'https://didcomm.org/out-of-band/2.0/invitation';
const DAY = 24 * 60 * 60;
const now = Math.floor(Date.now() / 1000);

const mailbox = (uri: string) => ({ t: 'dm', s: { uri, a: ['didcomm/v2'] } });
const sender = peer2With(mailbox('https://mail.example.com/'));

/** A sound invitation but for these members; undefined leaves one out. */
export const invitation = (members: object = {}): object => ({
  type: INVITATION,
  id: 'c9e0f1a2-6f0d-4a3b-9f2e-2b1d0c9e8f7a',
  from: sender,
  body: { label: 'Mallory', accept: ['didcomm/v2'] },
  ...members,
});

export const link = (json: unknown): string => linkTo(base64Url(json));
const linkTo = (encoded: string): string => `https://wallet.example.org/i?_oob=${encoded}`;
const rawLink = (text: string): string => linkTo(toBase64Url(new TextEncoder().encode(text)));
const from = (did: unknown): string => link(invitation({ from: did }));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const offer = { data: { json: { type: 'https://a.example/offer/1.0/offer', body: {} } } };
const signed = {
  payload: base64Url(invitation()),
  signatures: [
    {
      protected: base64Url({ typ: 'application/didcomm-signed+json', alg: 'EdDSA' }),
      signature: 'A'.repeat(86),
      header: { kid: `${sender}#key-2` },
    },
  ],
};

const noInvitation: Fault = { kind: 'not-an-invitation' };
const damaged: Fault = { kind: 'malformed' };
const expired: Fault = { kind: 'expired' };
const tooLarge: Fault = { kind: 'too-large' };
const unreachable: Fault = { kind: 'unreachable' };
const older: Fault = { kind: 'unsupported', what: 'older-wallet' };
const other: Fault = { kind: 'unsupported', what: 'other-protocol' };

type Row = readonly [name: string, text: string, fault: Fault];

const byText: readonly Row[] = [
  ['words', 'see you at eight', noInvitation],
  ['a web page', 'http://example.org/', noInvitation],
  ['a web page that mentions _oob', 'https://example.org/?q=_oob#_oob', noInvitation],
  ['a Wi-Fi code', 'WIFI:T:WPA;S:Café;P:hunter22;;', noInvitation],
  ['a business card', 'BEGIN:VCARD\nVERSION:3.0\nFN:Eve\nEND:VCARD', noInvitation],
  ['a script', 'javascript:alert(document.cookie)', noInvitation],
  ['pictures and controls', '🦊\u0007\u202egnp.exe', noInvitation],
  ['a DID alone', sender, noInvitation],
  ['JSON of something else', '{"hello":"world"}', noInvitation],
  ['a type that is no text', link({ type: 7 }), noInvitation],
  ['members for the prototype', `{"__proto__":${JSON.stringify(invitation())}}`, noInvitation],
  ['a constructor', JSON.stringify({ constructor: { prototype: invitation() } }), noInvitation],

  ['a chat message', JSON.stringify({ ...invitation(), type: 'https://a.example/b/1.0/c' }), other],
  ['a later major version', link(invitation({ type: INVITATION.replace('2.0', '3.0') })), other],

  ['an Aries link', 'https://agent.example.org/?c_i=eyJAdHlwZSI6ImRpZDpzb3Y6QnpDIn0', older],
  ['a DIDComm 1 message', 'https://agent.example.org/?d_m=eyJAdHlwZSI6IngifQ==', older],
  ['out-of-band 1.1', link({ '@type': INVITATION.replace('2.0', '1.1'), '@id': '1' }), older],
  ['a Sovrin type', '{"@type":"did:sov:BzCbsN;spec/connections/1.0/invitation"}', older],
  ['no common envelope', link(invitation({ body: { accept: ['didcomm/aip2;env=rfc19'] } })), older],

  ['a secret that is none', `https://wallet.example.org/i#${'kM3_'.repeat(11).slice(1)}`, damaged],
  ['a secret too short', `https://wallet.example.org/i#${'A'.repeat(42)}`, noInvitation],
  ['an id that servers never see', 'https://agent.example.org/#_oobid=3f0c1b2a', noInvitation],

  ['characters that are no base64', linkTo('%%%nonsense%%%'), damaged],
  ['an empty link', linkTo(''), damaged],
  ['a link cut off', link(invitation()).slice(0, 120), damaged],
  ['bytes that are no text', linkTo(toBase64Url(Uint8Array.of(0xff, 0xfe, 0x7b))), damaged],
  ['a list', link([invitation()]), damaged],
  ['nothing deep down', rawLink(`{"type":"${INVITATION}","id":${nested(5_000)}}`), tooLarge],
  ['thirty levels', rawLink(`{"type":"${INVITATION}","body":${nested(30)}}`), damaged],
  ['no sender', from(undefined), damaged],
  ['a number for a sender', from(42), damaged],
  ['a web address for a sender', from('https://example.org/'), damaged],
  ['no id', link(invitation({ id: undefined })), damaged],
  ['an endless id', link(invitation({ id: 'x'.repeat(257) })), damaged],
  ['a name that is a list', link(invitation({ body: { label: ['Mallory'] } })), damaged],
  [
    'an infinite end',
    rawLink(JSON.stringify(invitation()).replace('{', '{"expires_time":1e999,')),
    damaged,
  ],
  ['an end after all calendars', link(invitation({ expires_time: 1e16 })), damaged],

  ['a day too old', link(invitation({ expires_time: now - DAY })), expired],
  [
    'a day too old, in milliseconds',
    link(invitation({ expires_time: (now - DAY) * 1000 })),
    expired,
  ],
  ['older than time', link(invitation({ expires_time: -1e300 })), expired],

  ['a novel', 'a'.repeat(20_000), tooLarge],
  ['a long purpose', link(invitation({ body: { goal: 'a'.repeat(9_000) } })), tooLarge],

  ['a mailbox', link(invitation({ body: { goal_code: 'request-mediate' } })), { kind: 'mailbox' }],
];

const bySender: readonly Row[] = [
  ['a sender of a host that is none', from('did:web:a%2Fb'), damaged],
  ['a sender of a method unheard of', from('did:example:123'), other],
  ['a sender cut off', from(sender.slice(0, 40)), damaged],
  ['a sender with letters that base58 has not', from('did:peer:2.Ez6LS0OIl'), damaged],
  ['a sender with nothing to encrypt to', from(`did:peer:2.V${ed25519(2)}`), damaged],
  ['a sender whose document is a list', from(peer4Around([])), damaged],
  ['a key too short', from(`did:peer:2.E${toMultibase(Uint8Array.of(0xec, 1, 7, 7))}`), damaged],
  ['a sender without an address', from(peer2With()), unreachable],
  ['a bare key', from(`did:key:${x25519(3)}`), unreachable],
  ['a sender that only waits', from(peer2With(mailbox('didcomm:transport/queue'))), unreachable],
  ['an address for files', from(peer2With(mailbox('ftp://example.org/in'))), unreachable],
  ['a socket alone', from(peer2With(mailbox('wss://example.org/ws'))), unreachable],
  ['a mailbox that is nowhere', from(peer2With(mailbox(peer2With()))), unreachable],
  ['a link to fetch from nowhere', 'web+didcomm://?_oobid=3f0c1b2a', unreachable],
  ['a file to fetch', 'file:///i?_oobid=3f0c1b2a', unreachable],
  ['an unknown request', link(invitation({ attachments: [offer] })), { kind: 'unknown-request' }],
  [
    'an attachment of nothing',
    link(invitation({ attachments: [{}] })),
    { kind: 'unknown-request' },
  ],
  ['a signature that does not fit', link(signed), { kind: 'unsigned' }],
];

export const badCodes: readonly BadCode[] = [
  ...byText.map(([name, text, fault]) => ({ name, text, fault })),
  ...bySender.map(([name, text, fault]) => ({ name, text, fault, sender: true as const })),
];

/** Sound invitations under names that try to be something else, and what may be shown of them. */
export const strangeNames: readonly (readonly [body: object, shown: string])[] = [
  [{ label: '\u202eecilA\u202c' }, 'ecilA'],
  [{ label: 'Al\u200bi\u0000ce\n(verified ✓)' }, 'Alice (verified ✓)'],
  [{ label: '<img src=x onerror=alert(1)>' }, '<img src=x onerror=alert(1)>'],
  [{ label: 'A'.repeat(3_000) }, 'A'.repeat(64)],
  [{ label: ' \u200e ', goal: 'To sell\u2029 you something' }, 'To sell you something'],
  [{ label: '\ufeff' }, 'someone new'],
];
