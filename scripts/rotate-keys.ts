import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { rotateKeys } from '../mediator/keys.ts';
import { DEFAULT_LIMITS } from '../mediator/limits.ts';
import type { Settings } from '../mediator/settings.ts';
import { openStorage } from '../mediator/storage.ts';
import { StoreError } from '../mediator/store/errors.ts';
import type { LiveNodes } from '../mediator/store/live-nodes.ts';

// npm run rotate-keys: new keys for a mediator that is stopped. It goes on answering to the DIDs of its
// former keys, so that nobody loses a mailbox; who comes newly is given the new ones.

async function main(): Promise<void> {
  const { data, store: storeUrl } = parseArgs({
    options: { data: { type: 'string', default: 'data' }, store: { type: 'string' } },
  }).values;
  if (storeUrl === undefined && !existsSync(path.join(data, 'keys.json')))
    throw new StoreError('store/unavailable', `${data}: there are no keys of a mediator`);
  process.umask(0o077);
  // Opened as the mediator itself does: while one holds the file, nothing is changed.
  const { store, settings, nodes } = await openStorage(
    { dataDir: data, ...(storeUrl === undefined ? {} : { storeUrl }) },
    DEFAULT_LIMITS.store,
  );
  try {
    await rotate(settings, nodes);
  } finally {
    await store.close();
  }
}

async function rotate(settings: Settings, nodes: LiveNodes | undefined): Promise<void> {
  // A node that has the former keys only could not read what is sent to the new ones.
  const running = (await nodes?.others()) ?? 0;
  if (running > 0)
    throw new StoreError(
      'store/in-use',
      `${running} of the database’s nodes still run: stop them first (one that was killed is forgotten after a minute)`,
    );
  const former = await rotateKeys(settings);
  if (former === undefined) throw new StoreError('store/in-use', 'the keys were changed meanwhile');
  console.log(`New keys are made; those before are kept and answered to (${former}).`);
}

main().catch((fault: unknown) => {
  console.error(fault instanceof StoreError ? fault.message : fault);
  process.exitCode = 1;
});
