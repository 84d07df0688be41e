/**
 * npm run interop: Parley against published libraries of other makes. They come with a folder and a lock of
 * their own (90 MB on disk, most of it wasm), so that neither the wallet nor `npm ci` ever sees them.
 */
import process from 'node:process';
import { run } from './steps.ts';

const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', 'interop'];
process.exitCode =
  (await run('npm', install)) || (await run('node', ['--test', 'interop/identus-sdk.test.mjs']));
