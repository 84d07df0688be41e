/** npm run bench -- <name>: one of the measurements of this folder; without a name, all of them. */
import process from 'node:process';

const BENCHES: Readonly<Record<string, () => Promise<unknown>>> = {
  engine: () => import('./engine.ts'),
  envelopes: () => import('./envelopes.ts'),
  mediator: () => import('./mediator.ts'),
  sockets: () => import('./sockets.ts'),
  accounts: () => import('./accounts.ts'),
  abuse: () => import('./abuse.ts'),
};

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  const bench = BENCHES[name];
  if (!bench)
    throw new Error(`no such bench: ${name}; there are ${Object.keys(BENCHES).join(', ')}`);
  await bench();
}
