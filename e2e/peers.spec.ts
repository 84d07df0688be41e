import { expect, test } from './fixtures.ts';
import { startDifDemo, type DifDemo } from './peers/dif-demo.ts';
import { startIdentusAgent, type IdentusAgent } from './peers/identus-agent.ts';
import {
  answer,
  expectChatWith,
  expectState,
  expectTexts,
  inviteLong,
  onboard,
  paste,
  send,
} from './steps.ts';
import type { Wallet } from './wallet.ts';

// A real browser's wallet and the peers of other makes that it must get along with.

const withAgent = test.extend<{ agent: IdentusAgent; alice: Wallet }>({
  agent: async ({ mediator: _ }, use) => {
    const agent = await startIdentusAgent();
    await use(agent);
    await agent.close();
  },
  alice: async ({ launch, agent }, use) => use(await launch('alice', { peers: [agent.url] })),
});

const states = ({ connections }: IdentusAgent): string[] => connections.map(({ state }) => state);

/** Connected, and nothing to write with. */
async function expectService({ page }: Wallet, name: string): Promise<void> {
  await expect(page.getByText(`You are connected with ${name}.`)).toBeVisible();
  await expect(page.getByText(`${name} is a service and does not read messages.`)).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Send' })).toHaveCount(0);
}

withAgent('we scan the invitation of an Identus agent', async ({ alice, agent }) => {
  await onboard(alice, 'Alice');
  await paste(alice, agent.createConnection({ goal: 'Library card' }));
  await answer(alice, 'Library card', 'Accept');
  await expectChatWith(alice, 'Library card');
  await expectService(alice, 'Library card');
  expect(states(agent)).toEqual(['ConnectionResponseSent']);
  expect(agent.refused).toEqual([]);
  expect(agent.received).toHaveLength(1);
});

withAgent('an Identus agent answers our invitation', async ({ alice, agent }) => {
  await onboard(alice, 'Alice');
  const { link } = await inviteLong(alice);
  await agent.acceptInvitation(new URL(link).searchParams.get('_oob') ?? '');
  await expectChatWith(alice, 'someone new');
  await expectService(alice, 'someone new');
  await expect.poll(() => states(agent)).toEqual(['ConnectionResponseReceived']);
  expect(agent.refused).toEqual([]);
  expect(agent.received).toHaveLength(1);
});

withAgent(
  'an agent that does not answer: one other try, then a new code',
  async ({ alice, agent }) => {
    const page = await onboard(alice, 'Alice');
    await paste(alice, agent.createConnection({ goal: 'Library card' }));
    agent.passSeconds(600);
    await answer(alice, 'Library card', 'Accept');
    const other = page.getByRole('button', { name: 'Try another way' });
    await other.click();
    await expect(other).toHaveCount(0);
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
    await expect.poll(() => agent.received.length).toBeGreaterThan(1);
    expect(agent.received.filter(({ type }) => type.endsWith('/request'))).toHaveLength(1);
    expect(states(agent)).toEqual(['InvitationExpired']);
  },
);

const withDemo = test.extend<{ demo: DifDemo }>({
  demo: async ({ mediator }, use) => {
    const printed = await (await fetch(`${mediator.url}/invitation`)).json();
    const demo = await startDifDemo((printed as { from: string }).from, 'Dif');
    await use(demo);
    demo.close();
  },
});

/** The demo's person presses its refresh button until the last thing it knows is this. */
const expectHistory = (demo: DifDemo, ...lines: readonly string[]): Promise<void> =>
  expect
    .poll(async () => {
      await demo.refresh();
      return demo.history;
    })
    .toEqual(lines);

withDemo('the DIF demo client answers our invitation and chats', async ({ alice, demo }) => {
  await onboard(alice, 'Alice');
  await demo.accept((await inviteLong(alice)).link);
  await expectChatWith(alice, 'Dif');
  await expectHistory(demo);
  await demo.send('hi there');
  await expectTexts(alice, ['hi there']);
  await send(alice, 'hello Dif');
  await expectState(alice, 'hello Dif', 'Sent');
  await expectHistory(demo, 'Dif: hi there', 'Alice: hello Dif');
});

withDemo('we scan the code of the DIF demo client, which then moves', async ({ alice, demo }) => {
  await onboard(alice, 'Alice');
  await paste(alice, demo.invite());
  await answer(alice, 'Dif', 'Accept');
  await expectChatWith(alice, 'Dif');
  await send(alice, 'knock knock');
  await expectState(alice, 'knock knock', 'Sent');
  await expect
    .poll(async () => {
      await demo.refresh();
      return demo.history.length;
    })
    .toBe(1);
  await demo.rotate();
  await demo.send('moved');
  await expectTexts(alice, ['knock knock', 'moved']);
  await send(alice, 'found you');
  await expectState(alice, 'found you', 'Sent');
  await expect
    .poll(async () => {
      await demo.refresh();
      return demo.history.at(-1);
    })
    .toContain('found you');
});
