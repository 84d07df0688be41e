import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { forgeries } from '../testing/forged/all.ts';
import { honest, newCast, wrap } from '../testing/forged/cast.ts';
import { gateOf } from '../testing/forged/gate.ts';
import { LEGAL } from '../testing/forged/nesting.ts';
import { reference } from '../testing/reference.ts';

// What the gate refuses, and that nothing gets around it.

const cast = await newCast(Date.UTC(2026, 5, 1));
const { alice, bob, mallory, bobElsewhere, aliceBefore } = cast;
const open = gateOf(cast);

test('forged and malformed envelopes each get their own answer', async () => {
  const wrong = [];
  for (const { name, expected, pack } of forgeries) {
    const opened = await open(await pack(cast));
    const got = opened.kind === 'quarantine' ? opened.reason : opened.kind;
    if (got !== expected) wrong.push(`${name}: expected ${expected}, got ${got}`);
  }
  expect(wrong).toEqual([]);
});

test('the list holds what it held: a forgery must not vanish unnoticed', () => {
  expect(forgeries).toHaveLength(788);
  expect(new Set(forgeries.map(({ name }) => name)).size).toBe(forgeries.length);
});

test('what is marked so is a real forgery: didcomm-rust takes it', async () => {
  const library = reference(alice, bob, mallory, bobElsewhere, aliceBefore);
  const marked = forgeries.filter(({ libraryAccepts }) => libraryAccepts);
  for (const { name, pack } of marked)
    await expect(library.unpack(await pack(cast)), name).resolves.toBeDefined();
  expect(marked).toHaveLength(33);
});

test('however an envelope is bent, it is refused or says what it said', async () => {
  const packed = await Promise.all(LEGAL.map((nesting) => wrap(cast, nesting, honest(cast))));
  const said = utf8(JSON.stringify(honest(cast)));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...packed),
      fc.nat(),
      fc.nat(20),
      fc.string({ maxLength: 8 }),
      async (envelope, at, length, put) => {
        const from = at % envelope.length;
        const bent = envelope.slice(0, from) + put + envelope.slice(from + length);
        const opened = await open(bent);
        if (opened.kind === 'ok') expect(opened.inbound.plaintextBytes).toEqual(said);
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever text arrives, nothing is thrown', async () => {
  const member = fc.constantFrom('protected', 'recipients', 'iv', 'ciphertext', 'tag', 'payload');
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.dictionary(member, fc.jsonValue()).map((json) => JSON.stringify(json)),
      ),
      async (text) => {
        expect((await open(text)).kind).toBe('quarantine');
      },
    ),
    { numRuns: 500 },
  );
});
