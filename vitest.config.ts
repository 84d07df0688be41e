import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'mediator/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
    // Left alone, it keeps one processor for itself.
    maxWorkers: '100%',
    globalSetup: ['src/testing/scratch.ts', 'src/testing/postgres/shared.ts'],
  },
});
