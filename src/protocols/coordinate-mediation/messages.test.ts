import * as v from 'valibot';
import { expect, test } from 'vitest';
import { CoordinateMediation2 as V2, CoordinateMediation3 as V3 } from './messages.ts';

const did = 'did:peer:2.x';

test.each([
  ['2.0 of the registry', V2.grant, did],
  ['2.0 of SICPA: an array', V2.grant, [did]],
  ['3.0 of the registry', V3.grant, [did]],
  ['3.0 of Credo: text', V3.grant, did],
])('a grant is a list of DIDs: %s', (_name, grant, routing_did) => {
  expect(v.parse(grant.body, { routing_did })).toEqual({ routing_did: [did] });
});

test.each([
  ['the registry', 'updated'],
  ['Veramo', 'updates'],
])('results are read under the name of %s', (_name, member) => {
  const results = [{ recipient_did: did, action: 'add', result: 'success' }];
  for (const { updated } of [V2, V3])
    expect(v.parse(updated.body, { [member]: results })).toEqual({ updated: results });
});

test.each([
  [V2.grant, {}],
  [V2.grant, { routing_did: 7 }],
  [V3.grant, { routing_did: [7] }],
  [V2.update, {}],
  [V2.update, { updates: [{ action: 'add' }] }],
  [V3.updated, { updated: [{ recipient_did: did }] }],
  [V2.query, { paginate: { limit: 0, offset: 0 } }],
  [V2.query, { paginate: { limit: 1.5, offset: 0 } }],
  [V2.list, { dids: [] }],
  [V3.list, { keys: [] }],
])('refuses %o for %o', (message, body) => {
  expect(v.safeParse(message.body, body).success).toBe(false);
});
