import { expect, test } from 'vitest';
import { didHash } from '../../../mediator/did-hash.ts';
import type { Forwarded, InboxStore } from '../../../mediator/store/types.ts';
import { bind, putAll, unbind } from '../inbox.ts';
import { item, NOW, texts, type Make } from './letters.ts';

const kinds = async (store: InboxStore, items: readonly Forwarded[]): Promise<string[]> =>
  (await putAll(store, items)).map((put) => put.kind);

const DAY = 24 * 3600 * 1000;

/** Who has an inbox, and by which names. */
export function accountsConform(make: Make): void {
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
}
