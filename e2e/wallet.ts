import { readFileSync, readdirSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium as playwright, type BrowserContext, type Page } from '@playwright/test';
import { chromium } from '../scripts/browser.ts';
import { writeFilm } from './film.ts';
import { trustAuthority } from './trust.ts';
import { workerEvents, type WorkerEvents } from './worker-events.ts';

export interface WalletOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** What the person answers when asked for the camera, or that the device has none. */
  readonly camera?: 'allowed' | 'denied' | 'missing';
  /** Origins besides the wallet's own that it may talk to in this test. */
  readonly peers?: readonly string[];
  /** A certificate authority that the person installed, DER. */
  readonly authority?: Uint8Array;
}

/** One person's browser: a profile of its own on disk, which outlives its windows and its process. */
export interface Wallet {
  readonly name: string;
  readonly profile: string;
  /** The open page; throws when it was closed. */
  readonly page: Page;
  readonly context: BrowserContext;
  readonly worker: WorkerEvents;
  /** Opens a page at this path of the wallet. */
  open(at?: string): Promise<Page>;
  closePage(): Promise<void>;
  /** Runs a function in the service worker; undefined while that sleeps. */
  inWorker<T>(run: () => T | Promise<T>): Promise<T | undefined>;
  /** Titles of the notifications on show; undefined while the service worker sleeps. */
  notifications(): Promise<readonly string[] | undefined>;
  /** Cuts page and service worker off the network. */
  setOffline(offline: boolean): Promise<void>;
  /** Holds this PNG before the camera, from the next time the camera starts. */
  showToCamera(picture: Buffer, scale?: number): Promise<void>;
  /** SIGKILL to the whole browser. */
  kill(): Promise<void>;
  /** Starts the browser again on the same profile, without opening a page. */
  relaunch(): Promise<void>;
  /** What must not happen in any test: foreign requests, policy violations, uncaught errors. */
  readonly complaints: readonly string[];
  dispose(): Promise<void>;
}

const PERMISSIONS = ['notifications', 'backgroundSync', 'periodicBackgroundSync', 'durableStorage'];
const CLIPBOARD = ['clipboardReadWrite', 'clipboardSanitizedWrite'];
const POLICY = /Content Security Policy|TrustedHTML|TrustedScript|Permissions policy violation/;

/** Runs in the service worker. */
async function shownTitles(): Promise<string[]> {
  const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration };
  return (await registration.getNotifications()).map(({ title }) => title);
}

interface Running {
  readonly context: BrowserContext;
  /** The browser's first tab: never a page of the wallet. */
  readonly control: Page;
  readonly worker: WorkerEvents;
  page: Page | undefined;
}

export async function launchWallet(
  name: string,
  url: string,
  options: WalletOptions = {},
): Promise<Wallet> {
  const profile = mkdtempSync(path.join(tmpdir(), `parley-${name}-`));
  const film = path.join(profile, 'camera.mjpeg');
  const complaints: string[] = [];
  if (options.authority) trustAuthority(profile, options.authority);
  let running = await launch(profile, film, url, options, complaints);

  const pageOf = ({ page }: Running): Page => {
    if (!page || page.isClosed()) throw new Error(`${name} has no page open`);
    return page;
  };
  const inWorker: Wallet['inWorker'] = async (run) => {
    // A sleeping worker keeps its handle, and would answer when something wakes it.
    const worker = running.worker.running ? running.context.serviceWorkers().at(-1) : undefined;
    return worker?.evaluate(run);
  };
  return {
    name,
    profile,
    complaints,
    get page() {
      return pageOf(running);
    },
    get context() {
      return running.context;
    },
    get worker() {
      return running.worker;
    },
    async open(at = '/') {
      const page = await running.context.newPage();
      running.page = page;
      await page.goto(url + at);
      return page;
    },
    closePage: () => pageOf(running).close(),
    inWorker,
    notifications: () => inWorker(shownTitles),
    setOffline: (offline) => running.context.setOffline(offline),
    showToCamera: (picture, scale) => writeFilm(running.control, picture, film, scale),
    async kill() {
      const closed = running.context.waitForEvent('close');
      for (const pid of processesOf(profile)) process.kill(pid, 'SIGKILL');
      await closed;
      rmSync(path.join(profile, 'SingletonLock'), { force: true });
    },
    async relaunch() {
      running = await launch(profile, film, url, options, complaints);
    },
    async dispose() {
      await running.context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function launch(
  profile: string,
  film: string,
  url: string,
  { viewport, colorScheme = 'light', camera = 'allowed', peers = [] }: WalletOptions,
  complaints: string[],
): Promise<Running> {
  // Not the default context, which is incognito: no Background Sync, no push, not installable.
  const context = await playwright.launchPersistentContext(profile, {
    ...chromium(),
    viewport: viewport ?? { width: 390, height: 844 },
    colorScheme,
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      ...cameraFlags(camera, film),
    ],
  });
  watch(context, [url, ...peers], complaints);
  const control = context.pages()[0] ?? (await context.newPage());
  const session = await context.newCDPSession(control);
  await session.send('Browser.grantPermissions', {
    origin: url,
    permissions: [
      ...PERMISSIONS,
      ...CLIPBOARD,
      ...(camera === 'allowed' ? ['videoCapture'] : []),
    ] as [],
  });
  const worker = await workerEvents(control, url, (message) => complaints.push(message));
  return { context, control, worker, page: undefined };
}

function cameraFlags(camera: WalletOptions['camera'], film: string): readonly string[] {
  if (camera === 'missing') return ['--use-fake-ui-for-media-stream'];
  return [
    `--use-fake-ui-for-media-stream${camera === 'denied' ? '=deny' : ''}`,
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ];
}

function watch(context: BrowserContext, origins: readonly string[], complaints: string[]): void {
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && !origins.includes(origin.replace(/^ws/, 'http'))) {
      complaints.push(`request to ${origin}`);
    }
  });
  context.on('console', (message) => {
    if (POLICY.test(message.text())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
}

/** The processes that run on this profile. */
function processesOf(profile: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => commandLineOf(pid).includes(`--user-data-dir=${profile}`))
    .map(Number);
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended between the listing and the reading
  }
}
