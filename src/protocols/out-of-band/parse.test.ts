import { describe, expect, it } from 'vitest';
import { badCodes, invitation, link, strangeNames } from '../../../e2e/bad-codes.ts';
import { parseInvitation } from './parse.ts';

const now = Date.now();
const parsed = (text: string) => {
  const { kind, ...rest } = parseInvitation(text, now);
  return 'what' in rest ? { kind, what: rest.what } : { kind };
};

describe('texts that are no invitation to accept', () => {
  it('are as many as they were', () => {
    expect(badCodes).toHaveLength(54);
    expect(new Set(badCodes.map(({ name }) => name)).size).toBe(badCodes.length);
  });
  it.each(badCodes.filter(({ sender }) => !sender))('$name', ({ text, fault }) => {
    expect(parsed(text)).toEqual(fault);
  });
  it.each(badCodes.filter(({ sender }) => sender))('left to the wallet: $name', ({ text }) => {
    expect(parsed(text)).toEqual({ kind: 'ok' });
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
    ['a later minor version', { type: 'https://didcomm.org/out-of-band/2.9/invitation' }],
    ['an end to come', { expires_time: Math.ceil(now / 1000) + 60 }],
    ['members unheard of', { colour: 'pine', attachments: [{ data: {} }] }],
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
