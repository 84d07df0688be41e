import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from '@playwright/test';
import { mkdirSync, rmSync } from 'node:fs';
import { build, preview } from 'vite';
import { galleryConfig } from './config.ts';
import { isScene, scenes, type SceneName } from './scenes.ts';

// Photographs every screen in every state, in two sizes and two themes, and asks axe about each.
//   node e2e/gallery/shoot.ts [words of scene names…] [--no-axe] [--narrow]
// With --narrow the phone is 320 px wide and the text twice its size. Pictures go to test-results/gallery.

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const flag = (name: string): boolean => process.argv.includes(`--${name}`);

const sizes = flag('narrow')
  ? ([['narrow', { width: 320, height: 640 }]] as const)
  : ([
      ['phone', { width: 390, height: 844 }],
      ['desk', { width: 1280, height: 800 }],
    ] as const);
const themes = flag('narrow') ? (['light'] as const) : (['light', 'dark'] as const);
const names = Object.keys(scenes)
  .filter(isScene)
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)));

const out = process.env['GALLERY_OUT'] ?? 'test-results/gallery';
const faults: string[] = [];

await build(galleryConfig);
const server = await preview(galleryConfig);
const [origin] = server.resolvedUrls?.local ?? [];
if (origin === undefined) throw new Error('the gallery has no address');
if (words.length === 0) rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const [size, viewport] of sizes)
  for (const theme of themes) await shootAll(browser, size, viewport, theme);
await browser.close();
await server.close();

console.log(`${names.length} scenes, ${faults.length} faults`);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

async function shootAll(
  from: Browser,
  size: string,
  viewport: { width: number; height: number },
  colorScheme: (typeof themes)[number],
): Promise<void> {
  const context = await from.newContext({ viewport, colorScheme, bypassCSP: false });
  const page = await context.newPage();
  let scene = '';
  page.on('pageerror', (error) => {
    if (!error.message.includes('planted')) faults.push(`${scene}: ${error.message}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('planted'))
      faults.push(`${scene}: ${message.text()}`);
  });
  for (const name of names) {
    scene = `${name} ${size} ${colorScheme}`;
    await open(page, name).catch((error: unknown) => faults.push(`${scene}: ${String(error)}`));
    await page.screenshot({ path: `${out}/${name}.${size}.${colorScheme}.png` });
    await checkWidth(page, scene);
    await checkNames(page, scene);
    if (!flag('narrow')) await checkNotice(page, scene);
    if (!flag('no-axe')) await askAxe(page, scene);
  }
  await context.close();
}

async function open(page: Page, name: SceneName): Promise<void> {
  await page.goto(`${origin}${scenes[name].path.slice(1)}?scene=${name}`);
  if (flag('narrow'))
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(250);
  if (name.startsWith('options')) {
    await page.getByRole('button', { name: 'Contact options' }).click();
    const [, ...words] = name.split('-');
    const item = page.getByRole('menuitem', { name: words.join(' ') });
    if (words.length > 0) await item.click();
    await page.waitForTimeout(250);
  }
  if (name.endsWith('-details')) await page.getByText('Technical details').click();
  if (name.startsWith('scan')) {
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.waitForTimeout(200);
  }
  if (name === 'mailbox-move-fault') {
    await page.getByRole('button', { name: 'Move to another mailbox' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  }
  if (name === 'scan-fault') {
    await page.getByRole('button', { name: 'Paste a link' }).click({ timeout: 3000 });
    await page.getByRole('textbox', { name: 'Invitation link' }).fill('https://example.org');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  }
}

async function checkWidth(page: Page, scene: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) faults.push(`${scene}: ${over} px wider than the screen`);
}

/** A notice covers neither a header nor where one writes, if there is room for all three. */
async function checkNotice(page: Page, scene: string): Promise<void> {
  const covered = await page.evaluate(() => {
    const notice = document.querySelector('[aria-label=Dismiss]')?.parentElement;
    if (!notice) return [];
    const { top, bottom, left, right } = notice.getBoundingClientRect();
    const others = [...document.querySelectorAll('header, form')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.top < bottom && box.bottom > top && box.left < right && box.right > left;
    });
    return others.map(({ tagName }) => tagName.toLowerCase());
  });
  for (const tag of covered) faults.push(`${scene}: a notice covers a ${tag}`);
}

async function askAxe(page: Page, scene: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, nodes } of violations)
    faults.push(`${scene}: axe ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Outside repeated rows, no two elements of one role have names that contain each other: tests find them by name. */
async function checkNames(page: Page, scene: string): Promise<void> {
  const found: { role: string; name: string }[] = [];
  let repeated = Infinity;
  for (const line of (await page.locator('body').ariaSnapshot()).split('\n')) {
    const depth = line.search(/\S/);
    if (depth <= repeated) repeated = /^\s*- (list|log)\b/.test(line) ? depth : Infinity;
    const [, role, name] = /^\s*- \W?(\w+) "((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
    if (depth <= repeated && role !== undefined && name !== undefined) found.push({ role, name });
  }
  found.forEach(({ role, name }, index) => {
    const twin = found.find(
      (other, at) =>
        at !== index &&
        other.role === role &&
        other.name.toLowerCase().includes(name.toLowerCase()),
    );
    if (twin) faults.push(`${scene}: ${role} "${name}" is part of "${twin.name}"`);
  });
}
