import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { rotateKeys } from '../../mediator/keys.ts';
import { fileSettings } from '../../mediator/settings.ts';
import type { Mediator } from '../../mediator/server.ts';
import { acquaintances, rounds, type Acquaintance } from '../testing/acquaintances.ts';
import { freshMediator, freshWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { readyMediator } from './mediators.ts';

// A mediator that gets new keys while people have their mailboxes at it.

vi.setConfig({ testTimeout: 60_000 });

const dataDir = mkdtempSync(join(tmpdir(), 'parley-'));
let mediator: Mediator;
afterEach(async () => {
  await mediator.close();
  rmSync(dataDir, { recursive: true });
});

const heard = async (who: Acquaintance): Promise<string[]> =>
  (await who.chat(who.friend)).flatMap(({ text }) =>
    text.startsWith('them: ') ? [text.slice(6)] : [],
  );

test('people who were there before keep mailbox and mail; who comes newly gets the new ones', async () => {
  mediator = await freshMediator(dataDir);
  const port = Number(new URL(mediator.url).port);
  const before = mediator.identity.did;
  const { alice, bob } = await acquaintances(mediator);
  // Written under the old keys, still on its way when they change.
  await sendText(alice.wallet, alice.friend, 'before', 'en');
  await alice.settle();

  await mediator.close();
  await rotateKeys(fileSettings(dataDir));
  mediator = await freshMediator(dataDir, port);
  expect(mediator.identity.did).not.toBe(before);

  await sendText(alice.wallet, alice.friend, 'after', 'en');
  await sendText(bob.wallet, bob.friend, 'and back', 'en');
  await rounds(alice, bob);
  expect(await heard(bob)).toEqual(['before', 'after']);
  expect(await heard(alice)).toEqual(['and back']);
  expect((await readyMediator(alice.wallet))?.mediatorDid).toBe(before);

  const carol = await freshWallet('Carol', mediator.url);
  await carol.settle();
  expect((await readyMediator(carol.wallet))?.mediatorDid).toBe(mediator.identity.did);
});
