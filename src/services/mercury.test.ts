import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { startIdentusAgent, type IdentusAgent } from '../../e2e/peers/identus-agent.ts';
import { openInvitation } from '../testing/foreign.ts';
import { acceptCode, freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactById, type Contact } from './contacts.ts';
import { tryOtherWay } from './handshake.ts';
import { acceptRequest, openCode } from './invitations.ts';

let mediator: Mediator;
let agent: IdentusAgent;
let alice: TestWallet;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  agent = await startIdentusAgent();
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
  return () => agent.close();
});

const accept = (url: string): Promise<string> => acceptCode(alice, url);

const contact = async (id: string): Promise<Contact> => {
  const found = await contactById(alice.wallet, id);
  if (!found) throw new Error('no such contact');
  return found;
};
const states = () => agent.connections.map(({ state }) => state);

describe('we answer the invitation of an Identus cloud agent (I37, I39, I40)', () => {
  test.each([
    ['without a goal code', {}],
    ['of Identus', { goalCode: 'org.hyperledger.identus.connect', goal: 'Prove your age?' }],
    ['of Atala', { goalCode: 'io.atalaprism.connect' }],
  ])('%s: by one request in the thread of the invitation', async (_, goals) => {
    const id = await accept(agent.createConnection(goals));
    expect((await contact(id)).row.state).toBe('connecting');
    await alice.settle();
    await alice.settle();
    expect(agent.refused).toEqual([]);
    expect(states()).toEqual(['ConnectionResponseSent']);
    const [request] = agent.received;
    const invitationId = agent.connections[0]?.thid;
    expect(request).toMatchObject({
      thid: invitationId,
      pthid: invitationId,
      to: [agent.connections[0]?.myDid],
      body: {
        ...('goalCode' in goals ? { goal_code: goals.goalCode } : {}),
        ...('goal' in goals ? { goal: goals.goal } : {}),
        accept: [],
      },
    });
    const { row, payload } = await contact(id);
    expect(row.state).toBe('connected');
    expect(payload.peerClass).toBe('agent');
    expect(payload.invited).toBeUndefined();
  });

  test('nothing else is ever said to it', async () => {
    const id = await accept(agent.createConnection());
    expect(await sendText(alice.wallet, id, 'hello?', 'en')).toBe(false);
    await alice.settle();
    await alice.settle();
    expect(await sendText(alice.wallet, id, 'hello?', 'en')).toBe(false);
    expect(agent.received.map(({ type }) => type)).toEqual([
      'https://atalaprism.io/mercury/connections/1.0/request',
    ]);
    expect(await alice.wallet.db.outbox.count()).toBe(0);
  });

  test('an invitation whose time is over makes no contact', async () => {
    const clock = { now: () => Date.now() + 301_000 };
    const late = await freshWallet('Late', mediator.url, { clock });
    expect((await openCode(late.wallet, agent.createConnection(), '')).kind).toBe('expired');
  });

  test('a request that comes too late stays unanswered, and no other form is tried', async () => {
    let ahead = 0;
    const clock = { now: () => Date.now() + ahead };
    alice = await freshWallet('Alice', mediator.url, { clock });
    await alice.settle();
    const id = await accept(agent.createConnection());
    ahead = 301_000;
    agent.passSeconds(301);
    await alice.settle();
    expect(states()).toEqual(['InvitationExpired']);
    expect((await contact(id)).row.state).toBe('connecting');
    expect(await tryOtherWay(alice.wallet, id, 'Alice')).toBe(false);
  });

  test('the code of a connection leads to it, and is not asked a second time', async () => {
    const url = agent.createConnection();
    const id = await accept(url);
    expect(await openCode(alice.wallet, url, '')).toMatchObject({ kind: 'known', contactId: id });
  });
});

describe('when nobody answers, the other form is said once (interop, choosing at runtime)', () => {
  test('a goal code that we do not know: first a profile, then a request', async () => {
    const id = await accept(agent.createConnection({ goalCode: 'issue-vc' }));
    await alice.settle();
    expect(agent.refused.every((reason) => reason.startsWith('UnsupportedPIURI'))).toBe(true);
    expect(agent.refused.length).toBeGreaterThan(0);
    expect((await contact(id)).payload.invited?.otherWay).toBe('mercury');
    expect(await tryOtherWay(alice.wallet, id, 'Alice')).toBe(true);
    expect(await tryOtherWay(alice.wallet, id, 'Alice')).toBe(false);
    await alice.settle();
    await alice.settle();
    expect(states()).toEqual(['ConnectionResponseSent']);
    const { row, payload } = await contact(id);
    expect([row.state, payload.peerClass]).toEqual(['connected', 'agent']);
  });

  test('a request first, then a profile; never a second request', async () => {
    const id = await accept(agent.createConnection());
    expect(await tryOtherWay(alice.wallet, id, 'Alice')).toBe(true);
    expect(await tryOtherWay(alice.wallet, id, 'Alice')).toBe(false);
    await alice.settle();
    const types = agent.received.map(({ type }) => type.split('/').slice(-1)[0]);
    expect(types.filter((type) => type === 'request')).toHaveLength(1);
    expect(types).toContain('profile');
  });
});

describe('an Identus cloud agent answers our invitation (I38)', () => {
  const invite = async (autoAccept: boolean) => {
    const invitation = await openInvitation(alice, mediator.url, autoAccept);
    await alice.settle();
    return invitation;
  };
  const encoded = (url: string) => new URL(url).searchParams.get('_oob') ?? '';
  const only = async () => {
    const rows = await alice.wallet.db.contacts.toArray();
    expect(rows).toHaveLength(1);
    return contact(rows[0]!.id);
  };

  test('let in by itself: one response from the address it wrote to, and no move', async () => {
    const invitation = await invite(true);
    await agent.acceptInvitation(encoded(invitation.url));
    await alice.settle();
    await alice.settle();
    expect(agent.refused).toEqual([]);
    expect(states()).toEqual(['ConnectionResponseReceived']);
    expect(agent.received).toHaveLength(1);
    expect(agent.received[0]).toMatchObject({
      from: invitation.did,
      thid: invitation.oobId,
      pthid: invitation.oobId,
      body: { accept: ['didcomm/v2'] },
    });
    const { row, payload } = await only();
    expect(row.state).toBe('connected');
    expect(payload).toMatchObject({ peerClass: 'agent', myDid: invitation.did, myPriorDids: [] });
    expect((await alice.wallet.db.invitations.get(invitation.rowId))?.state).toBe('answered');
  });

  test('by hand: it hears nothing before the person says yes', async () => {
    const invitation = await invite(false);
    await agent.acceptInvitation(encoded(invitation.url));
    await alice.settle();
    const asking = await only();
    expect(asking.row.state).toBe('asking');
    expect(states()).toEqual(['ConnectionRequestSent']);
    expect(await acceptRequest(alice.wallet, asking.row.id)).toBe(true);
    await alice.settle();
    expect(agent.refused).toEqual([]);
    expect(states()).toEqual(['ConnectionResponseReceived']);
    const { row, payload } = await only();
    expect(row.state).toBe('connected');
    expect(payload.toAnswer).toBeUndefined();
  });
});
