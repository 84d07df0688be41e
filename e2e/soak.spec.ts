import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { meet, send } from './steps.ts';

/** Each way; `npm run soak` runs it with 500, 50 and 10. */
const amount = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const MESSAGES = amount('SOAK_MESSAGES', 60);
const WORKER_KILLS = amount('SOAK_WORKER_KILLS', 8);
const MEDIATOR_KILLS = amount('SOAK_MEDIATOR_KILLS', 2);

const LIMITS = ['rate-per-ip', 'burst-per-ip', 'rate-per-account', 'burst-per-account'];
test.use({ mediatorFlags: LIMITS.flatMap((limit) => [`--${limit}`, '100000']) });

test('nothing is lost, doubled or reordered while workers and the mediator are killed', async ({
  alice,
  bob,
  mediator,
}) => {
  test.setTimeout(120_000 + MESSAGES * 2_000);
  await meet(alice, bob);
  let restarting = Promise.resolve();
  for (let i = 0; i < MESSAGES; i += 1) {
    await send(alice, `a${i}`);
    await send(bob, `b${i}`);
    if (isTurn(WORKER_KILLS, i)) await (i % 2 === 0 ? alice : bob).worker.stopAllWorkers();
    if (isTurn(MEDIATOR_KILLS, i)) {
      await restarting;
      await mediator.kill();
      restarting = mediator.restart();
    }
  }
  await restarting;
  for (const [wallet, theirs] of [
    [alice, 'b'],
    [bob, 'a'],
  ] as const) {
    const log = wallet.page.getByRole('log');
    const last = log.getByText(`${theirs}${MESSAGES - 1}`, { exact: true });
    await expect(last).toBeVisible({ timeout: 180_000 });
    // The read-out comes after both are in: the chat's size no longer changes.
    await expect(log.getByRole('article').last()).toHaveAttribute(
      'aria-setsize',
      `${2 * MESSAGES}`,
    );
    const texts = await allTexts(wallet.page);
    const numbered = (letter: string) =>
      Array.from({ length: MESSAGES }, (_, i) => `${letter}${i}`);
    for (const letter of ['a', 'b'])
      expect(texts.filter((text) => text.startsWith(letter))).toEqual(numbered(letter));
  }
});

/** Spreads `kills` evenly over the run. */
const isTurn = (kills: number, i: number): boolean =>
  Math.floor((i * kills) / MESSAGES) !== Math.floor(((i + 1) * kills) / MESSAGES);

/** Every message of the open chat, oldest first: scrolls up until all are loaded. */
async function allTexts(page: Page): Promise<string[]> {
  const articles = page.getByRole('log').getByRole('article');
  const size = Number(await articles.last().getAttribute('aria-setsize'));
  await expect
    .poll(
      async () => {
        await articles.first().scrollIntoViewIfNeeded();
        return articles.count();
      },
      { timeout: 60_000 },
    )
    .toBe(size);
  const contents = await articles.locator('[dir=auto] > span:first-child').allTextContents();
  return contents;
}
