import { expect, test } from 'vitest';
import { sha256 } from '../../../mediator/did-hash.ts';
import type { InboxStore } from '../../../mediator/store/types.ts';
import { putAll } from '../inbox.ts';
import { idOf, item, NOW, type Make } from './letters.ts';

/** What else is kept for a while: envelopes seen, links, push subscriptions. */
export function othersConform(make: Make): void {
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
}
