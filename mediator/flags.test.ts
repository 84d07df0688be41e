import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.each([
  ['--nonsense'],
  ['--port', 'x'],
  ['--url', 'ftp://x'],
  ['--forward-unknown', 'x'],
  ['--store', 'mysql://x'],
  ['--node-address', '0.0.0.0:80'],
  ['--turn-url', 'turn:x'],
  ['--turn-url', 'turn:x', '--turn-secret-file', 'no-such-file'],
  ['--turn-url', 'https://x', '--turn-secret-file', 'README.md'],
])('a flag that cannot be right is explained: %s %s', (...flags) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['mediator/main.ts', '--port', '0', ...flags],
    { encoding: 'utf8' },
  );
  expect([status, stderr.includes('--rate-per-ip')]).toEqual([1, true]);
});
