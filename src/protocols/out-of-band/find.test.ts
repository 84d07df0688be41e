import { describe, expect, it, test } from 'vitest';
import { badCodes, invitation, link } from '../../../e2e/bad-codes.ts';
import { codeIn } from './find.ts';
import { parseInvitation } from './parse.ts';

const now = Date.now();
const kindOf = (text: string) => parseInvitation(codeIn(text, now), now).kind;

const sound = link(invitation({ body: { label: 'Mallory', goal: 'x'.repeat(600) } }));
const short = `https://wallet.example.org/i#${'Ab3_'.repeat(10)}Ab0`;
/** As a mail program breaks what is too long for a line. */
const broken = (text: string, mark = '', width = 76) =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(`\r\n${mark}`);

describe.each([
  ['a long link', sound],
  ['a short link', short],
  ['a link that leads to one', 'https://agent.example.org/c?_oobid=3f0c1b2a'],
])('%s', (_name, code) => {
  it.each([
    ['alone', code],
    ['words around it', `Hi Bob, here I am: ${code} – see you at eight`],
    ['at the end of a sentence', `I am here: ${code}.`],
    ['in brackets', `Here (${code}), or not!`],
    ['in angle brackets', `Alice <${code}>`],
    ['in quotes', `Open "${code}", please`],
    ['in quotes of print', `Öffne „${code}“, bitte`],
    ['in Markdown', `[my code](${code})\n**${code}**`],
    ['right after a colon', `My Link:${code}`],
    ['on a line of its own', `Hello,\n\n${code}\n\nAlice`],
    ['after other links', `https://example.org/?a=b and mailto:eve@example.org, ${code}`],
  ])('%s', (_where, text) => {
    expect(codeIn(text, now).trim()).toBe(code);
  });
});

test.each([
  ['by a mail program', `Hello,\r\n\r\n${broken(sound)}\r\n\r\nAlice`],
  ['in angle brackets', `Hello <${broken(sound)}> Bob`],
  ['and followed by a name', `${broken(sound)}\nAlice\nBerlin`],
  ['and quoted in an answer', `> Hello\n> ${broken(sound, '> ')}\n> Alice`],
  ['with white space at the ends', broken(sound).replaceAll('\r', ' \t')],
])('a link broken over lines %s', (_name, text) => {
  expect(text).not.toContain(sound);
  expect(codeIn(text, now)).toBe(sound);
});

test('of several the first that is an invitation', () => {
  const cut = sound.slice(0, 120);
  expect(codeIn(`old: ${cut} new: ${short} or ${sound}`, now)).toBe(short);
  expect(kindOf(`only this: ${cut} is left`)).toBe('malformed');
  expect(kindOf('https://agent.example.org/?c_i=eyJ9 is mine')).toBe('unsupported');
});

test.each(badCodes.map(({ name, text }) => [name, text]))(
  'no more in it than before: %s',
  (_, text) => {
    expect(kindOf(text)).toBe(parseInvitation(text, now).kind);
  },
);

test('what is inside of JSON, or in a text without end, is not looked for', () => {
  const inside = JSON.stringify({ goal: `see ${sound} there` });
  expect(codeIn(inside, now)).toBe(inside);
  const book = `${'word '.repeat(14_000)}${sound}`;
  expect(codeIn(book, now)).toBe(book);
  const links = `${'https://example.org/ '.repeat(400)}${sound}`;
  expect(codeIn(links, now)).toBe(links);
});
