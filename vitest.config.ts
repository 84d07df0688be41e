import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'mediator/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
    globalSetup: 'src/testing/postgres/shared.ts',
  },
});
