import { defineConfig } from '@playwright/test';
import { chromium } from './scripts/browser.ts';

export default defineConfig({
  testDir: 'e2e',
  // A worker is mostly browsers at work: as many as there are processors.
  workers: '100%',
  fullyParallel: true,
  // What holds a time against a limit has the machine to itself: scripts/e2e.ts runs one after the other.
  projects: [
    { name: 'together', grepInvert: /@alone/ },
    { name: 'alone', grep: /@alone/, workers: 1 },
  ],
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
