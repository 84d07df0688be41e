import { expect, test } from 'vitest';
import { fromBase64Url } from '../lib/base64url.ts';
import { newLinkSecret, sealLink, shortLink } from '../protocols/blind-link/seal.ts';
import { invitationJson, invitationUrl } from '../protocols/out-of-band/write.ts';
import type { GetOutcome, HttpTransport } from '../transport/http.ts';
import { inviterIn } from './inviter.ts';

const OWN = 'https://wallet.example.org';
const invitation = {
  id: 'an-invitation',
  from: 'did:peer:2.Ez6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc' as const,
  label: 'Ali\u202ece',
  expiresSeconds: Math.floor(Date.now() / 1000) + 60,
};

/** Answers every question the same, and counts them. */
function server(answer: GetOutcome) {
  const asked: string[] = [];
  const http: HttpTransport = {
    get: async (url) => {
      asked.push(url);
      return answer;
    },
    getText: async () => undefined,
    post: async () => ({ kind: 'unreachable' }),
  };
  return { asked, ports: { http, ownOrigin: OWN } };
}

async function sealed() {
  const secret = newLinkSecret();
  const link = await sealLink(secret, invitationJson(invitation));
  const bytes = link && fromBase64Url(link.content);
  if (!bytes) throw new Error('too long to seal');
  return { secret, id: link.id, bytes };
}

test('a link that holds everything says the name, cleaned, and asks nobody', async () => {
  const { asked, ports } = server({ kind: 'unreachable' });
  expect(await inviterIn(ports, invitationUrl(OWN, invitation))).toBe('Alice');
  expect(asked).toEqual([]);
});

test('a short link of the own origin is asked for', async () => {
  const { secret, id, bytes } = await sealed();
  const { asked, ports } = server({ kind: 'answered', status: 200, url: '', bytes });
  expect(await inviterIn(ports, shortLink(OWN, secret))).toBe('Alice');
  expect(asked).toEqual([`${OWN}/i/${id}`]);
});

test('no other host is asked, since nobody agreed to that yet', async () => {
  const { asked, ports } = server({ kind: 'unreachable' });
  const link = shortLink('https://other.example', newLinkSecret());
  expect(await inviterIn(ports, link)).toBe('');
  expect(asked).toEqual([]);
});

test('an invitation that is over is said to be, by its link and by its own word', async () => {
  const gone = { kind: 'answered', status: 404, url: '', bytes: new Uint8Array() } as const;
  const { ports } = server(gone);
  expect(await inviterIn(ports, shortLink(OWN, newLinkSecret()))).toBeNull();
  const expired = { ...invitation, expiresSeconds: Math.floor(Date.now() / 1000) - 60 };
  expect(await inviterIn(ports, invitationUrl(OWN, expired))).toBeNull();
});

test.each<[string, GetOutcome]>([
  ['what nobody sealed', { kind: 'answered', status: 200, url: '', bytes: new Uint8Array(64) }],
  ['not reached', { kind: 'unreachable' }],
])('a link to something that is %s names nobody', async (_what, answer) => {
  const { ports } = server(answer);
  expect(await inviterIn(ports, shortLink(OWN, newLinkSecret()))).toBe('');
});
