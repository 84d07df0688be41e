import { defineConfig } from '@playwright/test';
import { chromium } from './scripts/browser.ts';

export default defineConfig({
  testDir: 'e2e',
  // A worker is mostly browsers at work: as many as there are processors.
  workers: '100%',
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  use: {
    screenshot: 'only-on-failure',
    launchOptions: { ...chromium(), args: ['--no-sandbox'] },
  },
  reporter: 'list',
  outputDir: 'test-results',
});
