import { defineConfig } from '@playwright/test';
import { chromium } from './scripts/browser.ts';

export default defineConfig({
  testDir: 'e2e',
  // Each test drives two browsers and a server: one at a time keeps their timing honest.
  workers: 1,
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
