/** Which Chromium the browser tests drive. */
import { existsSync } from 'node:fs';
import type { LaunchOptions } from '@playwright/test';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

export const hasDebianChromium = (): boolean => existsSync(DEBIAN_CHROMIUM);

/**
 * The system's Chromium, else Playwright's own: the full browser, as its shell has no push and no
 * installing.
 */
export const chromium = (): Pick<LaunchOptions, 'executablePath' | 'channel'> =>
  hasDebianChromium() ? { executablePath: DEBIAN_CHROMIUM } : { channel: 'chromium' };
