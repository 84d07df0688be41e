import { afterEach, describe, expect, test } from 'vitest';
import { didHash, sha256 } from '../did-hash.ts';
import type { Bytes } from '../../src/lib/bytes.ts';
import { newStoreFile } from '../../src/testing/folders.ts';
import { bind, putAll, unbind } from '../../src/testing/inbox.ts';
import { memoryStore } from '../../src/testing/memory-store.ts';
import { newDatabase } from '../../src/testing/postgres/shared.ts';
import { openPostgres } from './postgres/store.ts';
import { sqliteWithWriter } from './sqlite-writer.ts';
import { sqliteStore } from './sqlite.ts';
import { STORE_LIMITS, type Forwarded, type InboxStore, type StoreLimits } from './types.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 3600 * 1000;
const open: InboxStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

const onFault = (fault: unknown): never => {
  throw fault;
};

type Create = (limits: StoreLimits) => InboxStore | Promise<InboxStore>;
const stores: Record<string, Create> = {
  memory: (limits) => memoryStore(limits),
  postgres: async (limits) => (await openPostgres(await newDatabase(), limits)).store,
  sqlite: (limits) => sqliteStore(newStoreFile(), limits),
  'sqlite with a writer': (limits) => sqliteWithWriter(newStoreFile(), { limits, onFault }),
};

const idOf = (text: string): Bytes => sha256(text).slice(0, 16);
const item = (next: string, text: string, more: Partial<Forwarded> = {}): Forwarded => ({
  next: didHash(next),
  letters: [{ id: idOf(text), body: new TextEncoder().encode(text) }],
  receivedAt: NOW,
  expiresAt: NOW + 1000,
  ...more,
});
const kinds = async (store: InboxStore, items: readonly Forwarded[]): Promise<string[]> =>
  (await putAll(store, items)).map((put) => put.kind);
const ALL = { limit: 1000, maxBytes: 1e9 };

describe.each(Object.entries(stores))('InboxStore, %s', (_name, create) => {
  const make = async (limits?: Partial<StoreLimits>): Promise<InboxStore> => {
    const store = await create({ ...STORE_LIMITS, ...limits });
    open.push(store);
    return store;
  };
  const texts = async (store: InboxStore, account: bigint, page = ALL): Promise<string[]> =>
    (await store.fetch(account, page)).map((row) => new TextDecoder().decode(row.body));

  test('closes accounts that nobody used for long and that hold no mail', async () => {
    const store = await make();
    const idle = await store.grant('did:key:zIdle', NOW);
    await bind(store, idle.account, 'did:key:zIdle2', [didHash('did:key:zAlias')], NOW);
    const used = await store.grant('did:key:zUsed', NOW);
    await store.touch('did:key:zUsed', NOW + 5 * DAY);
    const mail = await store.grant('did:key:zMail', NOW);
    await putAll(store, [item('did:key:zMail', 'waits', { expiresAt: NOW + 99 * DAY })]);
    expect(await store.expireAccounts(NOW, 10)).toBe(0);
    expect(await store.expireAccounts(NOW + DAY, 10)).toBe(1);
    expect(await store.accountOf('did:key:zIdle')).toBeUndefined();
    expect(await store.accountOf('did:key:zUsed')).toBe(used.account);
    expect(await store.accountOf('did:key:zMail')).toBe(mail.account);
    expect(await kinds(store, [item('did:key:zIdle2', 'x'), item('did:key:zAlias', 'y')])).toEqual([
      'unknown',
      'unknown',
    ]);
    expect(await bind(store, used.account, 'did:key:zIdle2', [], NOW)).toBe('success');
  });

  test('gives the number of an account that is gone to nobody else', async () => {
    const store = await make();
    const gone = await store.grant('did:key:zGone', NOW);
    expect(await store.expireAccounts(NOW + 1, 10)).toBe(1);
    expect((await store.grant('did:key:zNew', NOW)).account).not.toBe(gone.account);
  });

  test('remembers whom the operator denies', async () => {
    const store = await make();
    await store.deny('did:key:zA', NOW);
    await store.deny('did:key:zA', NOW);
    expect([await store.isDenied('did:key:zA'), await store.isDenied('did:key:zB')]).toEqual([
      true,
      false,
    ]);
    await store.allow('did:key:zA');
    expect(await store.isDenied('did:key:zA')).toBe(false);
  });

  test('grants one account per DID, and did:peer:4 by its short form', async () => {
    const store = await make();
    const first = await store.grant('did:key:zA', NOW);
    const again = await store.grant('did:key:zA', NOW);
    expect(first.created).toBe(true);
    expect(again).toEqual({ account: first.account, created: false });
    expect(await store.accountOf('did:key:zA')).toBe(first.account);
    expect(await store.accountOf('did:key:zB')).toBeUndefined();
    const long = await store.grant('did:peer:4zQmShort:zLong', NOW);
    expect(await store.accountOf('did:peer:4zQmShort')).toBe(long.account);
    expect(await store.accountDid('did:peer:4zQmShort')).toBe('did:peer:4zQmShort:zLong');
    expect(await store.accountDid('did:peer:4zQmOther')).toBeUndefined();
    expect(long.account).not.toBe(first.account);
  });

  test('binds first come, first served', async () => {
    const store = await make();
    const a = (await store.grant('did:key:zA', NOW)).account;
    const b = (await store.grant('did:key:zB', NOW)).account;
    expect(await bind(store, a, 'did:x:1', [], NOW)).toBe('success');
    expect(await bind(store, a, 'did:x:1', [], NOW)).toBe('no_change');
    expect(await bind(store, b, 'did:x:1', [], NOW)).toBe('client_error');
    expect(await bind(store, b, 'did:key:zA', [], NOW)).toBe('client_error');
    expect(await bind(store, a, 'did:key:zA', [], NOW)).toBe('success');
    expect(await unbind(store, b, 'did:x:1')).toBe('no_change');
    expect(await unbind(store, a, 'did:x:1')).toBe('success');
    expect(await unbind(store, a, 'did:x:1')).toBe('no_change');
    expect(await bind(store, b, 'did:x:1', [], NOW)).toBe('success');
  });

  test('a name that is an alias of another account stays with it', async () => {
    const store = await make();
    const a = (await store.grant('did:key:zA', NOW)).account;
    const b = (await store.grant('did:key:zB', NOW)).account;
    const key = [didHash('did:key:zKey')];
    expect(await bind(store, a, 'did:x:1', key, NOW)).toBe('success');
    expect(await bind(store, b, 'did:key:zKey', [], NOW)).toBe('client_error');
    expect(await bind(store, b, 'did:x:2', key, NOW)).toBe('client_error');
    expect(await bind(store, b, 'did:x:3', [didHash('did:x:1')], NOW)).toBe('client_error');
    expect(await bind(store, b, 'did:x:4', [didHash('did:key:zA')], NOW)).toBe('client_error');
    expect((await store.list(b, 9, 0)).dids).toEqual([]);
    expect(await putAll(store, [item('did:key:zKey', 'for a')])).toEqual([
      { kind: 'stored', account: a, elsewhere: [] },
    ]);
    expect(await bind(store, a, 'did:key:zKey', key, NOW)).toBe('success');
    expect(await bind(store, a, 'did:x:5', key, NOW)).toBe('success');
    for (const did of ['did:x:1', 'did:key:zKey', 'did:x:5']) await unbind(store, a, did);
    expect(await bind(store, b, 'did:key:zKey', key, NOW)).toBe('success');
    expect(await bind(store, a, 'did:x:1', key, NOW)).toBe('client_error');
  });

  test('changes of a list are applied in their order', async () => {
    const store = await make({ didsPerAccount: 1 });
    const { account } = await store.grant('did:key:zA', NOW);
    const add = { action: 'add', did: 'did:x:1', aliases: [didHash('did:key:zKey')] } as const;
    const remove = { action: 'remove', did: 'did:x:1', aliases: [] } as const;
    const another = { ...add, did: 'did:x:2' };
    const changes = [add, another, add, remove, remove, another, add];
    expect(await store.changeList(account, changes, NOW)).toEqual([
      'success',
      'client_error',
      'no_change',
      'success',
      'no_change',
      'success',
      'client_error',
    ]);
    expect((await store.list(account, 9, 0)).dids).toEqual(['did:x:2']);
    expect(await store.changeList(account, [], NOW)).toEqual([]);
  });

  test('a DID that becomes an account leaves the list of whoever held it', async () => {
    const store = await make();
    const a = (await store.grant('did:key:zA', NOW)).account;
    await bind(store, a, 'did:key:zB', [didHash('did:key:zBkey')], NOW);
    const b = (await store.grant('did:key:zB', NOW)).account;
    expect((await store.list(a, 10, 0)).dids).toEqual([]);
    expect(await putAll(store, [item('did:key:zB', 'one')])).toEqual([
      { kind: 'stored', account: b, elsewhere: [] },
    ]);
    expect(await texts(store, b)).toEqual(['one']);
    expect(await texts(store, a)).toEqual([]);
    expect(await kinds(store, [item('did:key:zBkey', 'two')])).toEqual(['unknown']);
  });

  test('lists in pages, in the order of registration', async () => {
    const store = await make({ didsPerAccount: 5 });
    const { account } = await store.grant('did:key:zA', NOW);
    for (let i = 0; i < 5; i += 1) await bind(store, account, `did:x:${i}`, [], NOW);
    expect(await bind(store, account, 'did:x:5', [], NOW)).toBe('client_error');
    expect(await store.list(account, 2, 0)).toEqual({ dids: ['did:x:0', 'did:x:1'], remaining: 3 });
    expect(await store.list(account, 2, 4)).toEqual({ dids: ['did:x:4'], remaining: 0 });
    expect(await store.list(account, 2, 9)).toEqual({ dids: [], remaining: 0 });
  });

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

  test('knows a replayed envelope until its time is over', async () => {
    const store = await make();
    expect(await store.knows(sha256('k'))).toBe(false);
    expect(await store.seen(sha256('k'), NOW + 10)).toBe(false);
    expect(await store.seen(sha256('k'), NOW + 10)).toBe(true);
    expect(await store.knows(sha256('k'))).toBe(true);
    await store.expire(NOW + 9, 100);
    expect(await store.seen(sha256('k'), NOW + 10)).toBe(true);
    await store.expire(NOW + 10, 100);
    expect(await store.knows(sha256('k'))).toBe(false);
    expect(await store.seen(sha256('k'), NOW + 20)).toBe(false);
  });

  test('says whether there is more to expire, of whatever kind', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    for (let i = 0; i < 5; i += 1) await store.seen(sha256(`k${i}`), NOW);
    for (const name of ['1', '2', '3']) await store.putLink(account, link(name, 'x', NOW), NOW - 1);
    await putAll(store, [item('did:key:zA', 'old', { expiresAt: NOW })]);
    const expired = [];
    for (let i = 0; i < 4; i += 1) expired.push(await store.expire(NOW, 2));
    expect(expired).toEqual([
      { messages: 1, isMore: true },
      { messages: 0, isMore: true },
      { messages: 0, isMore: false },
      { messages: 0, isMore: false },
    ]);
  });

  const link = (name: string, text: string, expiresAt = NOW + 1000) => ({
    id: sha256(name).slice(0, 16),
    body: new TextEncoder().encode(text),
    expiresAt,
  });
  const read = async (store: InboxStore, name: string, now = NOW): Promise<string | undefined> => {
    const body = await store.link(link(name, '').id, now);
    return body && new TextDecoder().decode(body);
  };

  test('keeps a link until it expires, and replaces it for its own account only', async () => {
    const store = await make();
    const a = (await store.grant('did:key:zA', NOW)).account;
    const b = (await store.grant('did:key:zB', NOW)).account;
    expect(await read(store, 'l')).toBeUndefined();
    expect(await store.putLink(a, link('l', 'one'), NOW)).toBe('stored');
    expect(await store.putLink(b, link('l', 'stolen'), NOW)).toBe('taken');
    expect(await store.putLink(a, link('l', 'two'), NOW)).toBe('stored');
    await store.removeLink(b, link('l', '').id);
    expect(await read(store, 'l', NOW + 999)).toBe('two');
    expect(await read(store, 'l', NOW + 1000)).toBeUndefined();
    // What is over belongs to nobody.
    expect(await store.putLink(b, link('l', 'later', NOW + 9000), NOW + 1000)).toBe('stored');
    expect(await read(store, 'l', NOW + 1000)).toBe('later');
    await store.removeLink(b, link('l', '').id);
    expect(await read(store, 'l', NOW + 1000)).toBeUndefined();
  });

  test('has room for so many links of an account, not counting what expired', async () => {
    const store = await make({ linksPerAccount: 2 });
    const a = (await store.grant('did:key:zA', NOW)).account;
    const b = (await store.grant('did:key:zB', NOW)).account;
    const put = (account: bigint, name: string, now = NOW) =>
      store.putLink(account, link(name, 'x', now + 10), now);
    expect([await put(a, '1'), await put(a, '2'), await put(a, '3')]).toEqual([
      'stored',
      'stored',
      'full',
    ]);
    expect(await put(a, '2')).toBe('stored');
    expect(await put(b, '3')).toBe('stored');
    expect(await put(a, '4', NOW + 10)).toBe('stored');
    await store.removeLink(a, link('4', '').id);
    await store.expire(NOW + 10, 1);
    await store.expire(NOW + 10, 100);
    expect(await read(store, '1', NOW)).toBeUndefined();
    expect(await put(a, '5', NOW + 10)).toBe('stored');
  });

  test('keeps one push subscription an account', async () => {
    const store = await make();
    const a = (await store.grant('did:key:zA', NOW)).account;
    const b = (await store.grant('did:key:zB', NOW)).account;
    expect(await store.push(a)).toBeUndefined();
    expect(await store.push(a, '{"endpoint":"one"}')).toBe('{"endpoint":"one"}');
    await store.push(a, '{"endpoint":"two"}');
    expect([await store.push(a), await store.push(b)]).toEqual(['{"endpoint":"two"}', undefined]);
    expect(await store.push(a, null)).toBeUndefined();
    expect(await store.push(a)).toBeUndefined();
  });

  test('gives the turn to wake an account to one, while mail waits that it has a subscription for', async () => {
    const store = await make();
    const { account } = await store.grant('did:key:zA', NOW);
    const turn = (now: number) => store.takePushTurn(account, now, now + 60);
    const [first] = await putAll(store, [item('did:key:zA', '1')]);
    expect(first).not.toHaveProperty('subscribed');
    expect(await turn(NOW)).toEqual({ kind: 'none' });
    await store.push(account, 'one');
    expect(await putAll(store, [item('did:key:zA', '2')])).toEqual([
      { kind: 'stored', account, elsewhere: [], subscribed: true },
    ]);
    const turns = await Promise.all([turn(NOW), turn(NOW)]);
    expect(turns).toContainEqual({ kind: 'now', subscription: 'one' });
    expect([...turns, await turn(NOW + 59)].filter(({ kind }) => kind !== 'now')).toEqual([
      { kind: 'wait', until: NOW + 60 },
      { kind: 'wait', until: NOW + 60 },
    ]);
    await store.push(account, 'two');
    expect(await turn(NOW + 60)).toEqual({ kind: 'now', subscription: 'two' });
    await store.dropPush(account, 'one');
    expect(await store.push(account)).toBe('two');
    await store.ack(account, [idOf('1'), idOf('2')]);
    expect(await turn(NOW + 200)).toEqual({ kind: 'none' });
    await store.dropPush(account, 'two');
    expect(await store.push(account)).toBeUndefined();
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
});
