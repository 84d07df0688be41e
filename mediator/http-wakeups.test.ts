import { afterEach, expect, test, vi } from 'vitest';
import { httpWakeups } from './http-wakeups.ts';
import type { Wakeups } from './wakeups.ts';

const open: Wakeups[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function node(options: { readonly secret?: string; readonly now?: () => number } = {}) {
  const wakeups = await httpWakeups({ address: '127.0.0.1:0', secret: 'shared', ...options });
  open.push(wakeups);
  const woken: bigint[] = [];
  wakeups.hear((account) => woken.push(account));
  return { wakeups, woken };
}

test('accounts are named to the node they are meant for', async () => {
  const [one, two, three] = [await node(), await node(), await node()];
  const accounts = Array.from({ length: 2_500 }, (_, i) => BigInt(i));
  for (const account of accounts) one.wakeups.publish(two.wakeups.address, account);
  await vi.waitFor(() => expect(two.woken).toHaveLength(2_500));
  expect(two.woken.toSorted((a, b) => Number(a - b))).toEqual(accounts);
  expect([one.woken, three.woken]).toEqual([[], []]);
});

test('words of somebody without the secret, of another time, or without sense wake nobody', async () => {
  const hearer = await node();
  const stranger = await node({ secret: 'guessed' });
  const late = await node({ now: () => Date.now() - 61_000 });
  const other = await node();
  stranger.wakeups.publish(hearer.wakeups.address, 1n);
  late.wakeups.publish(hearer.wakeups.address, 2n);
  const { status } = await fetch(`http://${hearer.wakeups.address}/wake`, {
    method: 'POST',
    headers: { 'x-time': String(Date.now()), 'x-signature': 'AAAA' },
    body: '3',
  });
  expect(status).toBe(403);
  other.wakeups.publish(hearer.wakeups.address, 4n);
  await vi.waitFor(() => expect(hearer.woken).toEqual([4n]));
});

test('a node that is gone, or has no address, costs nothing', async () => {
  const [one, two] = [await node(), await node()];
  await open.pop()?.close();
  one.wakeups.publish(two.wakeups.address, 1n);
  one.wakeups.publish('', 1n);
  const again = await httpWakeups({ address: two.wakeups.address, secret: 'shared' });
  open.push(again);
  const woken: bigint[] = [];
  again.hear((account) => woken.push(account));
  await vi.waitFor(() => {
    one.wakeups.publish(again.address, 2n);
    expect(woken).toContain(2n);
  });
});
