import { expect, test } from 'vitest';
import { budgetPer, clientOfAddress, tokenBuckets } from './rate-limit.ts';

test('a bucket gives its burst, then its rate, and says how long to wait', () => {
  let now = 0;
  const limit = tokenBuckets({ now: () => now }, 0.5, 3);
  const take = () => limit.take('a');
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 2]);
  now += 1_000;
  expect(take()).toBe(1);
  now += 1_000;
  expect([take(), take()]).toEqual([0, 2]);
  now += 3_600_000;
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 2]);
  expect(limit.take('b')).toBe(0);
});

test('a clock that goes back gives nothing and takes nothing', () => {
  let now = 1_000_000;
  const limit = tokenBuckets({ now: () => now }, 1, 2);
  limit.take('a');
  now = 0;
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 1]);
});

test('of a hundred thousand clients the longest unseen are forgotten, and whoever comes again is not', () => {
  const limit = tokenBuckets({ now: () => 0 }, 1, 1);
  for (const client of ['gone', 'back']) expect(limit.take(client)).toBe(0);
  for (let i = 0; i < 50_000; i += 1) limit.take(`${i}`);
  expect(limit.take('back')).toBe(1);
  for (let i = 50_000; i < 100_000; i += 1) limit.take(`${i}`);
  expect([limit.take('back'), limit.take('99999'), limit.take('gone')]).toEqual([1, 1, 0]);
});

test('a budget is spent within its window', () => {
  let now = 0;
  const budget = budgetPer(1_000, 2, { now: () => now });
  expect([budget.spend('a'), budget.spend('a'), budget.spend('a')]).toEqual([true, true, false]);
  now = 999;
  expect([budget.spend('a'), budget.spend('b')]).toEqual([false, true]);
  now = 1_000;
  expect(budget.spend('a')).toBe(true);
});

test('one client per IPv4 address and per IPv6 /64', () => {
  for (const [address, client] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1', 'fe80:0:0:0'],
    ['', ''],
  ])
    expect(clientOfAddress(address!)).toBe(client);
});
