import { expect, test } from 'vitest';
import { didHash } from '../../../mediator/did-hash.ts';
import type { Forwarded, InboxStore } from '../../../mediator/store/types.ts';
import { bind, putAll, unbind } from '../inbox.ts';
import { ALL, idOf, item, NOW, texts, type Make } from './letters.ts';

const kinds = async (store: InboxStore, items: readonly Forwarded[]): Promise<string[]> =>
  (await putAll(store, items)).map((put) => put.kind);

/** What is put into an inbox, handed out, acknowledged and over. */
export function mailConforms(make: Make): void {
  test('queues for registered DIDs, their aliases and the account itself; nobody else', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    await bind(store, account, 'did:peer:4zQmS:zLong', [didHash('did:key:z6LSk')], NOW);
    const puts = await kinds(store, [
      item('did:peer:4zQmS', 'short'),
      item('did:peer:4zQmS:zLong', 'long'),
      item('did:key:z6LSk', 'key'),
      item('did:key:zA', 'self'),
      item('did:key:zNobody', 'none'),
    ]);
    expect(puts).toEqual(['stored', 'stored', 'stored', 'stored', 'unknown']);
    expect(await texts(store, account)).toEqual(['short', 'long', 'key', 'self']);
    const recipient = didHash('did:peer:4zQmS');
    expect((await store.status(account, recipient)).n).toBe(3);
    expect((await store.fetch(account, { ...ALL, recipient })).length).toBe(3);
    await unbind(store, account, 'did:peer:4zQmS');
    expect(await kinds(store, [item('did:key:z6LSk', 'late')])).toEqual(['unknown']);
  });

  test('one envelope is one message until it is acknowledged', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    const message = item('did:key:zA', 'once');
    expect(await kinds(store, [message, message])).toEqual(['stored', 'duplicate']);
    expect(await kinds(store, [message])).toEqual(['duplicate']);
    expect(await store.ack(account, [idOf('once'), idOf('once')])).toBe(1);
    expect(await kinds(store, [message])).toEqual(['stored']);
  });

  test('counts, sizes and times of the inbox', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    expect(await store.status(account)).toEqual({ n: 0, bytes: 0 });
    await putAll(store, [item('did:key:zA', 'one')]);
    await putAll(store, [item('did:key:zA', 'three', { receivedAt: NOW + 5000 })]);
    const full = { n: 2, bytes: 8, oldest: NOW, newest: NOW + 5000 };
    expect(await store.status(account)).toEqual(full);
    expect(await store.status(account, didHash('did:key:zA'))).toEqual(full);
    expect(await store.status(account, didHash('did:x:foreign'))).toEqual({ n: 0, bytes: 0 });
    expect(await store.stats()).toEqual({ accounts: 1, recipients: 0, messages: 2, bytes: 8 });
  });

  test('pages by number and by size, oldest first, at least one message', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    await putAll(
      store,
      ['aaaa', 'bb', 'cccccccc', 'd'].map((text) => item('did:key:zA', text)),
    );
    expect(await texts(store, account, { limit: 3, maxBytes: 100 })).toEqual([
      'aaaa',
      'bb',
      'cccccccc',
    ]);
    expect(await texts(store, account, { limit: 9, maxBytes: 6 })).toEqual(['aaaa', 'bb']);
    expect(await texts(store, account, { limit: 9, maxBytes: 1 })).toEqual(['aaaa']);
  });

  test('acknowledges nothing of another account', async () => {
    const store = await make();
    const a = (await store.grant('did:key:zA', NOW)).account;
    const b = (await store.grant('did:key:zB', NOW)).account;
    const message = item('did:key:zA', 'mine');
    await putAll(store, [message]);
    expect(await store.ack(b, [idOf('mine')])).toBe(0);
    expect(await texts(store, a)).toEqual(['mine']);
    expect(await store.fetch(b, ALL)).toEqual([]);
    expect(await store.ack(a, [idOf('other'), idOf('mine')])).toBe(1);
    expect(await store.status(a)).toEqual({ n: 0, bytes: 0 });
  });

  test('is full by number and by size, and has room again after an acknowledgement', async () => {
    const store = await make({ messagesPerInbox: 2, bytesPerInbox: 10 });
    const { account } = await store.grant('did:key:zA', NOW);
    const first = item('did:key:zA', '12345678');
    expect(await kinds(store, [first, item('did:key:zA', '123')])).toEqual(['stored', 'full']);
    expect(await kinds(store, [item('did:key:zA', '12'), item('did:key:zA', '1')])).toEqual([
      'stored',
      'full',
    ]);
    expect(await kinds(store, [first])).toEqual(['duplicate']);
    await store.ack(account, [idOf('12345678')]);
    expect(await kinds(store, [item('did:key:zA', '1')])).toEqual(['stored']);
    expect((await store.status(account)).bytes).toBe(3);
  });

  const forward = (next: string, ...letters: string[]): Forwarded => ({
    ...item(next, ''),
    letters: letters.map((text) => ({ id: idOf(text), body: new TextEncoder().encode(text) })),
  });

  test('keeps all new letters of a forward, or none of them where they do not fit', async () => {
    const store = await make({ messagesPerInbox: 4, bytesPerInbox: 10 });
    const { account } = await store.grant('did:key:zA', NOW);
    const put = (...letters: string[]) => kinds(store, [forward('did:key:zA', ...letters)]);
    expect(await put('aaa', 'bb', 'bb')).toEqual(['stored', 'stored', 'duplicate']);
    expect(await put('c', 'c', 'd', 'e')).toEqual(['full', 'full', 'full', 'full']);
    expect(await put('ccc', 'ddd')).toEqual(['full', 'full']);
    expect(await store.status(account)).toMatchObject({ n: 2, bytes: 5 });
    expect(await put('bb', 'c', 'd')).toEqual(['duplicate', 'stored', 'stored']);
    expect(await put('aaa', 'e')).toEqual(['duplicate', 'full']);
    expect(await texts(store, account)).toEqual(['aaa', 'bb', 'c', 'd']);
    expect(await store.status(account)).toMatchObject({ n: 4, bytes: 7 });
  });

  test('of forwards that come at once, one that does not fit leaves its room to the next', async () => {
    const store = await make({ messagesPerInbox: 3 });
    const { account } = await store.grant('did:key:zA', NOW);
    const to = 'did:key:zA';
    const forwards = [
      forward(to, '1', '1', '2', '3', '4'),
      forward(to, '1'),
      forward('did:key:zNobody', '1', '5'),
      forward(to, '2', '2', '1'),
      forward(to, '6', '7'),
      forward(to, '2', '8'),
    ];
    expect(await kinds(store, forwards)).toEqual([
      ...['full', 'full', 'full', 'full', 'full'],
      'stored',
      ...['unknown', 'unknown'],
      ...['stored', 'duplicate', 'duplicate'],
      ...['full', 'full'],
      ...['duplicate', 'stored'],
    ]);
    expect(await texts(store, account)).toEqual(['1', '2', '8']);
    expect(await store.stats()).toMatchObject({ messages: 3, bytes: 3 });
  });
  test('expires in slices and gives the quota back', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    const old = Array.from({ length: 5 }, (_, i) => item('did:key:zA', `old ${i}`));
    await putAll(store, [...old, item('did:key:zA', 'new', { expiresAt: NOW + 5000 })]);
    expect(await store.expire(NOW + 999, 3)).toEqual({ messages: 0, isMore: false });
    expect(await store.expire(NOW + 1000, 3)).toEqual({ messages: 3, isMore: true });
    expect(await store.expire(NOW + 1000, 3)).toEqual({ messages: 2, isMore: false });
    expect(await store.expire(NOW + 1000, 3)).toEqual({ messages: 0, isMore: false });
    expect(await store.status(account)).toMatchObject({ n: 1, bytes: 3 });
    expect(await texts(store, account)).toEqual(['new']);
  });

  test('keeps order and counts under 2,000 writes at once', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    const names = Array.from({ length: 2000 }, (_, i) => `message ${i}`);
    const puts = await Promise.all(names.map((name) => putAll(store, [item('did:key:zA', name)])));
    expect(puts.flat().every((put) => put.kind === 'stored')).toBe(true);
    expect(await texts(store, account, { limit: 5000, maxBytes: 1e9 })).toEqual(names);
  });
}
