import { describe, expect, it } from 'vitest';
import { badCodes, invitation, link, strangeNames } from '../../../e2e/bad-codes.ts';
import { parseInvitation } from './parse.ts';
import { firstSupported } from './requests.ts';

const now = Date.now();
const parsed = (text: string) => {
  const { kind, ...rest } = parseInvitation(text, now);
  return 'what' in rest ? { kind, what: rest.what } : { kind };
};

describe('texts that are no invitation to accept', () => {
  it('are as many as they were', () => {
    expect(badCodes).toHaveLength(61);
    expect(new Set(badCodes.map(({ name }) => name)).size).toBe(badCodes.length);
  });
  it.each(badCodes.filter(({ sender }) => !sender))('$name', ({ text, fault }) => {
    expect(parsed(text)).toEqual(fault);
  });
  it.each(badCodes.filter(({ sender }) => sender))('left to the wallet: $name', ({ text }) => {
    expect(['ok', 'oobid']).toContain(parsed(text).kind);
  });
});

describe('the same invitation however it is written', () => {
  // The goal makes characters in which the alphabets of base64 differ.
  const sound = invitation({ body: { label: 'Mallory', goal: '>>>???~~~' } });
  const json = JSON.stringify(sound);
  const base64Url = link(sound).split('_oob=')[1] ?? '';
  const base64 = btoa(json);
  const forms = {
    'a link': link(sound),
    'white space around': `\n ${link(sound)}\t`,
    'standard base64 with padding': `https://a.example/?_oob=${encodeURIComponent(base64)}`,
    'plus signs that became spaces': `https://a.example/?_oob=${base64.replaceAll('+', '%20')}`,
    'among other parameters': `https://a.example/path?x=1&_oob=${base64Url}&y=2`,
    'oob without the line': `https://a.example/?oob=${base64Url}`,
    'in the query of a fragment': `https://a.example/#/connect?x=1&_oob=${base64Url}`,
    'in the fragment': `https://a.example/#_oob=${base64Url}`,
    'a scheme of its own': `web+didcomm://?_oob=${base64Url}`,
    'bare base64url': base64Url,
    'bare JSON': json,
  };
  it('is a text that tells the alphabets apart', () => {
    expect(base64).toMatch(/\+.*\//);
  });
  it.each(Object.entries(forms))('%s', (_, text) => {
    expect(parseInvitation(text, now)).toMatchObject({
      kind: 'ok',
      invitation: { label: 'Mallory', id: 'c9e0f1a2-6f0d-4a3b-9f2e-2b1d0c9e8f7a' },
    });
  });
});

describe('what an invitation may leave out or add', () => {
  it.each([
    ['no body', { body: undefined }],
    ['a body that is null', { body: null }],
    [
      'nulls everywhere else',
      {
        ...{ created_time: null, expires_time: null, attachments: null },
        body: { label: null, goal: null, goal_code: null, accept: null },
      },
    ],
    ['a later minor version', { type: 'https://didcomm.org/out-of-band/2.9/invitation' }],
    ['an end to come', { expires_time: Math.ceil(now / 1000) + 60 }],
    ['an end to come, as text', { expires_time: String(Math.ceil(now / 1000) + 60) }],
    ['an end to come, in milliseconds', { expires_time: now + 60_000 }],
    ['members unheard of', { colour: 'pine', attachments: [] }],
  ])('%s', (_, members) => {
    expect(parseInvitation(link(invitation(members)), now).kind).toBe('ok');
  });

  it('ends at the second that it names', () => {
    const text = link(invitation({ expires_time: 2_000_000_000 }));
    expect(parseInvitation(text, 1_999_999_999_999).kind).toBe('ok');
    expect(parseInvitation(text, 2_000_000_000_000).kind).toBe('expired');
  });

  it('keeps a claimed name as it is, for the screen to clean', () => {
    for (const [body] of strangeNames)
      expect(parseInvitation(link(invitation({ body })), now)).toMatchObject({
        kind: 'ok',
        invitation: { ...body },
      });
  });
});

describe('links that lead to an invitation', () => {
  const secretB64u = `${'kM3_'.repeat(10)}kM0`;
  it.each([
    ['https://wallet.example.org/i#', 'https://wallet.example.org'],
    ['http://localhost:8080/i/#', 'http://localhost:8080'],
    ['  HTTPS://Wallet.Example.org/i#', 'HTTPS://Wallet.Example.org'],
  ])('%s', (start, origin) => {
    expect(parseInvitation(start + secretB64u, now)).toEqual({
      kind: 'short-link',
      origin,
      secretB64u,
    });
  });
  it.each(['https://a.example/other#', 'https://a.example/i?x=1#', 'ftp://a.example/i#'])(
    'not %s',
    (start) => {
      expect(parseInvitation(start + secretB64u, now).kind).toBe('not-an-invitation');
    },
  );
  it('asks for a link of another wallet as it stands, without its fragment', () => {
    for (const name of ['_oobid', 'oobid'])
      expect(parseInvitation(`https://a.example/x?y=1&${name}=7%2F8&z#top`, now)).toEqual({
        kind: 'oobid',
        url: `https://a.example/x?y=1&${name}=7%2F8&z`,
      });
  });
  it('has no use for the link when the invitation stands in it', () => {
    const text = link(invitation()).replace('?', '?_oobid=7&');
    expect(parseInvitation(text, now).kind).toBe('ok');
  });
});

describe('what is attached', () => {
  const request = { type: 'https://a.example/offer/1.0/offer', id: '1' };
  const read = (attachments: unknown) => {
    const outcome = parseInvitation(link(invitation({ attachments })), now);
    return outcome.kind === 'ok' ? outcome.invitation.requests : outcome;
  };
  const base64 = btoa(JSON.stringify(request));
  it('is read as JSON and as base64, in its order', () => {
    expect(read(undefined)).toBeUndefined();
    expect(
      read([
        { id: 'x', data: { links: ['https://a.example/'], hash: 'x' } },
        { id: 'a', media_type: 'application/json', data: { json: request } },
        7,
        { data: { base64 } },
        { data: { base64: base64.replace(/=+$/, '') } },
        { data: { json: 'text' } },
        { data: { base64: '%' } },
      ]),
    ).toEqual([request, request, request]);
  });
  it('is chosen by the first that is supported, whatever the minor version', () => {
    const [one, two] = [request, { type: 'https://a.example/ask/2.3/ask' }];
    const supported = ['https://a.example/ask/2.0/ask', 'https://a.example/offer/1.0/offer'];
    expect(firstSupported([{ type: 7 }, one, two], supported)).toBe(one);
    expect(firstSupported([two, one], supported)).toBe(two);
    expect(firstSupported([one, two], ['https://a.example/ask/3.0/ask'])).toBeUndefined();
    expect(firstSupported([{}, { type: 'nothing' }], [])).toBeUndefined();
  });
});

it('keeps goal code and accepted profiles for whoever answers', () => {
  const body = { goal_code: 'connect', goal: 'To talk', accept: ['didcomm/v2', 'x'] };
  expect(parseInvitation(link(invitation({ body })), now)).toMatchObject({
    invitation: { goalCode: 'connect', goal: 'To talk', accept: ['didcomm/v2', 'x'] },
  });
  expect(parseInvitation(link(invitation({ body: { accept: [] } })), now)).toMatchObject({
    kind: 'ok',
    invitation: { accept: [], goal: undefined },
  });
});
