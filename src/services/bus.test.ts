import { expect, test } from 'vitest';
import { BUS_VERSION, PageToWorker, readFromPage, toWorker } from './bus.ts';

const types = PageToWorker.entries.type.options;

test.each(types)('%s is read as it was written', (type) => {
  const message = structuredClone(toWorker(type));
  expect(readFromPage(message)).toEqual({ kind: 'ok', message });
});

test('members that this version does not know are dropped', () => {
  expect(readFromPage({ ...toWorker('visible'), contactId: 'x' })).toEqual({
    kind: 'ok',
    message: toWorker('visible'),
  });
});

test.each([
  ['an older version', { type: 'visible', bus: BUS_VERSION - 1 }],
  ['a newer version', { type: 'visible', bus: BUS_VERSION + 1 }],
  ['a word of a newer version', { type: 'unlock', bus: BUS_VERSION + 1 }],
  ['a word unknown', { type: 'unlock', bus: BUS_VERSION }],
  ['no word', { bus: BUS_VERSION }],
])('a page of %s is told to update', (_name, data) => {
  expect(readFromPage(data)).toEqual({ kind: 'other-version' });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['text', 'visible'],
  ['a number', BUS_VERSION],
  ['a list', [toWorker('visible')]],
  ['no version', { type: 'visible' }],
  ['a version in text', { type: 'visible', bus: String(BUS_VERSION) }],
  ['no number for a version', { type: 'visible', bus: Number.NaN }],
  ['SKIP_WAITING of the update', { type: 'SKIP_WAITING' }],
  ['a map', new Map([['bus', BUS_VERSION]])],
  ['bytes', new Uint8Array(4)],
  ['a list with a version', Object.assign([], { bus: '1' })],
  ['a prototype that is not its own', { __proto__: null }],
])('%s is not ours', (_name, data) => {
  expect(readFromPage(data)).toEqual({ kind: 'not-ours' });
});
