import { expect, test } from './fixtures.ts';
import { launchWallet } from './wallet.ts';

test('the browser finds nothing that keeps the app from being installed', async ({ alice }) => {
  const page = await alice.open();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const session = await alice.context.newCDPSession(page);
  const { data = '{}', errors } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors).toEqual([]);

  const manifest = JSON.parse(data) as { icons: { src: string; sizes: string; purpose: string }[] };
  expect(manifest).toMatchObject({
    id: '/',
    start_url: '/?src=pwa',
    display: 'standalone',
    share_target: { action: '/share', method: 'POST' },
    protocol_handlers: [{ protocol: 'web+didcomm', url: '/open?u=%s' }],
    launch_handler: { client_mode: 'navigate-existing' },
    shortcuts: [{ url: '/scan' }, { url: '/invite' }],
  });
  expect(manifest.icons.map(({ purpose }) => purpose)).toEqual([
    'any',
    'any',
    'maskable',
    'monochrome',
  ]);
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (url) => {
      const picture = await createImageBitmap(await (await fetch(url)).blob());
      return `${picture.width}x${picture.height}`;
    }, src);
    expect(size, src).toBe(sizes);
  }
});

test('the page runs under its policies, and its worker under its own', async ({ mediator }) => {
  // Not by the fixture, which lets no test pass that breaks a policy.
  const wallet = await launchWallet('policies', mediator.url);
  const page = await wallet.open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const answers = await page.evaluate(() => {
    const { trustedTypes } = globalThis as unknown as {
      trustedTypes: { createPolicy(name: string, rules: object): unknown };
    };
    const attempts: Record<string, () => unknown> = {
      html: () => document.createRange().createContextualFragment('<b>text</b>'),
      script: () => new Worker('/sw.js'),
      policy: () => trustedTypes.createPolicy('other', {}),
    };
    return Object.entries(attempts).map(([name, attempt]) => {
      try {
        attempt();
        return `${name} allowed`;
      } catch (error) {
        return `${name} ${(error as Error).name}`;
      }
    });
  });
  expect(answers).toEqual(['html TypeError', 'script TypeError', 'policy TypeError']);
  const elsewhere = page.evaluate(() => fetch('http://127.0.0.1:9/').then(({ status }) => status));
  await expect(elsewhere).rejects.toThrow('Failed to fetch');
  expect(wallet.complaints.filter((text) => /policy|TrustedHTML/i.test(text))).not.toEqual([]);

  const worker = await page.request.get(`${mediator.url}/sw.js`);
  expect(worker.headers()).toMatchObject({
    'content-security-policy': expect.stringContaining("connect-src 'self' https: wss:"),
    'cache-control': 'no-cache',
  });
  await wallet.dispose();
});
