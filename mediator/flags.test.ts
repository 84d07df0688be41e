import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';
import { LIMIT_OPTIONS } from './limit-flags.ts';

test.each([
  ['--nonsense'],
  ['--port', 'x'],
  ['--port', '99999'],
  ['--lan', '--port', '65535'],
  ['--lan', '--http-port', '70000'],
  ['--http-port', '8081'],
  ['--url', 'ftp://x'],
  ['--forward-unknown', 'x'],
  ['--new-accounts', 'x'],
  ['--store', 'mysql://x'],
  ['--node-address', '0.0.0.0:80'],
  ['--node-address', '10.0.0.1:99999'],
  ['--turn-url', 'turn:x'],
  ['--turn-url', 'turn:x', '--turn-secret-file', 'no-such-file'],
  ['--turn-url', 'https://x', '--turn-secret-file', 'README.md'],
  ['--workers', '1000'],
  ['--letter-bytes', '524289'],
])('a flag that cannot be right is explained: %s %s', (...flags) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['mediator/main.ts', '--port', '0', ...flags],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  // The sentence, and where to read more; no stack.
  expect(stderr.trim().split('\n')).toHaveLength(2);
  expect(stderr).toContain('npm start -- --help');
});

const broken = mkdtempSync(path.join(tmpdir(), 'parley-broken-'));
afterAll(() => {
  rmSync(broken, { recursive: true });
});

test.each([
  ['a file', (data: string) => writeFileSync(data, ''), 'cannot be used'],
  [
    'a folder with something else for an inbox',
    (data: string) => {
      mkdirSync(data);
      writeFileSync(path.join(data, 'inbox.db'), 'no database');
    },
    'not a database',
  ],
  [
    'a folder with broken keys',
    (data: string) => {
      mkdirSync(data);
      writeFileSync(path.join(data, 'keys.json'), '{}');
    },
    'broken',
  ],
])('data that cannot be used is explained in a line: %s', (name, make, words) => {
  const data = path.join(broken, name);
  make(data);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['mediator/main.ts', '--port', '0', '--data', data],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(words);
});

test('new keys are for a mediator that has some', () => {
  const data = path.join(broken, 'nowhere');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/rotate-keys.ts', '--data', data],
    { encoding: 'utf8' },
  );
  expect([status, existsSync(data)]).toEqual([1, false]);
  expect(stderr).toContain('no keys');
});

test('--help lists every flag and what limits are without it, and starts nothing', () => {
  const { status, stdout } = spawnSync(process.execPath, ['mediator/main.ts', '--help'], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  for (const flag of Object.keys(LIMIT_OPTIONS))
    expect(stdout).toMatch(new RegExp(`^  --${flag} \\d+ {2,}\\S`, 'm'));
  expect(stdout).toMatch(/--rate-per-ip 20 /);
  expect(stdout).toMatch(/--ttl-days 30 /);
});

test('the journey of a client through a mediator that is not there ends in a sentence', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/smoke.ts', 'http://127.0.0.1:10'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(stderr).toBe(
    'The mediator at http://127.0.0.1:10 fails: invitation: connect ECONNREFUSED 127.0.0.1:10\n',
  );
});
