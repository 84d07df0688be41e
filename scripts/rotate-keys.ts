import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { rotateKeys } from '../mediator/keys.ts';
import { DEFAULT_LIMITS } from '../mediator/limits.ts';
import { openStorage } from '../mediator/storage.ts';
import { StoreError } from '../mediator/store/errors.ts';

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
  const { store, settings } = await openStorage(
    { dataDir: data, ...(storeUrl === undefined ? {} : { storeUrl }) },
    DEFAULT_LIMITS.store,
  );
  const former = await rotateKeys(settings);
  await store.close();
  if (former === undefined) throw new StoreError('store/in-use', 'the keys were changed meanwhile');
  console.log(`New keys are made; those before are kept and answered to (${former}).`);
}

main().catch((fault: unknown) => {
  console.error(fault instanceof StoreError ? fault.message : fault);
  process.exitCode = 1;
});
