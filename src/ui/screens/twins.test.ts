import { expect, test } from 'vitest';
import type { ChatRowView } from '../../state/views.ts';
import { twinsIn } from './twins.ts';

const row = (id: string, name: string): ChatRowView => ({
  contact: {
    id,
    name,
    claimedName: name,
    state: 'connected',
    agent: false,
    isEnded: false,
    isWritable: true,
    muted: false,
    blocked: false,
    verified: undefined,
    madeAt: 0,
  },
  last: undefined,
  at: 0,
  unread: 0,
});

test('names that look the same are told of, and no others', () => {
  const rows = [row('a', 'Alex'), row('b', 'Bob'), row('c', 'alex'), row('d', 'Ａlex')];
  expect([...twinsIn(rows)].sort()).toEqual(['a', 'c', 'd']);
  expect(twinsIn(rows.slice(0, 2)).size).toBe(0);
  expect(twinsIn(undefined).size).toBe(0);
});
