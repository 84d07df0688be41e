import { expect, test, vi } from 'vitest';
import { memoryStore } from '../src/testing/memory-store.ts';
import { createMetrics } from './operations/metrics.ts';
import { startExpiry } from './expiry.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { didHash } from './did-hash.ts';

test('mail is gone soon after its time, and nothing is under way once it was ended', async () => {
  const store = memoryStore();
  const metrics = createMetrics();
  const faults: unknown[] = [];
  await store.grant('did:example:bob', Date.now());
  const put = async (id: number, forMs: number) =>
    store.enqueue({
      next: didHash('did:example:bob'),
      letters: [{ id: Uint8Array.of(id), body: new Uint8Array(3) }],
      receivedAt: Date.now(),
      expiresAt: Date.now() + forMs,
    });
  await put(1, 10);
  await put(2, 3_600_000);
  const stop = startExpiry({
    store,
    metrics,
    limits: DEFAULT_LIMITS,
    onFault: (fault) => faults.push(fault),
  });
  await vi.waitUntil(async () => (await store.stats()).messages === 1, { timeout: 10_000 });
  expect(await metrics.text()).toContain('parley_expired_total 1\n');
  await stop();
  await store.close();
  expect(faults).toEqual([]);
});
