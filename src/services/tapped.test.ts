import { expect, test } from 'vitest';
import type { WorkerToPage } from './bus.ts';
import { showTapped } from './tapped.ts';

const said: WorkerToPage[] = [];
const opened: string[] = [];
const page = (focused: boolean, name: string) => ({
  focused,
  postMessage: (message: WorkerToPage) => said.push(message),
  focus: async () => opened.push(name),
});
const openWindow = async (path: string) => opened.push(path);

test.each([
  ['alice-row', '/chats/alice-row'],
  [null, '/chats'],
])('with no page open, %s opens %s', async (data, path) => {
  opened.length = 0;
  await showTapped({ matchAll: async () => [], openWindow }, data);
  expect(opened).toEqual([path]);
});

test('the page that has the focus is told', async () => {
  opened.length = 0;
  const matchAll = async () => [page(false, 'one'), page(true, 'two')];
  await showTapped({ matchAll, openWindow }, 'alice-row');
  expect(said).toEqual([{ type: 'open-chats', chat: 'alice-row' }]);
  expect(opened).toEqual(['two']);
});
