import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import { signFromPrior } from '../didcomm/from-prior.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { utf8 } from '../lib/bytes.ts';
import {
  contactOf,
  deliver,
  letter,
  openInvitation,
  PROFILE,
  quarantineReasons,
  TEXT,
} from '../testing/foreign.ts';
import { newPeer } from '../testing/peer.ts';
import { WEB_DID, webAgent, type WebAgent } from '../testing/web-agent.ts';
import {
  acceptCode,
  freshMediator,
  freshWallet,
  httpFrom,
  type TestWallet,
} from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { deleteChat, endRelationship } from './end-relationship.ts';
import { readInvitationCode } from './intents.ts';
import { moveContact, moveToNewAddress } from './rotation.ts';

// People who are a did:web: rules R40 and I57, and invitations accepted without a network.

let mediator: Mediator;
let agent: WebAgent;
let alice: TestWallet;
let skip = 0;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  skip = 0;
  agent = await webAgent();
  alice = await walletKnowing(agent);
});

async function walletKnowing(somebody: WebAgent): Promise<TestWallet> {
  const wallet = await freshWallet('Alice', mediator.url, {
    http: somebody.around(httpFrom(mediator.url)),
    clock: { now: () => Date.now() + skip },
    setTimer: () => undefined,
  });
  await wallet.settle();
  return wallet;
}

const contact = (id: string) => contactOf(alice.wallet, id);
const write = (id: string, text: string) => sendText(alice.wallet, id, text, 'en');
const heard = () =>
  agent.heard.map(({ message: { type, body } }) => body['content'] ?? type.split('/').at(-1));
async function say(id: string, content: string): Promise<void> {
  const { myDid } = (await contact(id)).payload;
  await deliver(alice, await agent.letter(myDid, TEXT, { content }));
}

describe('an invitation of a did:web', () => {
  test('shows its host; only the tap on Accept asks it', async () => {
    const reading = await readInvitationCode(alice.wallet, agent.invitation());
    expect(reading).toMatchObject({ kind: 'ok', mailboxHost: 'agent.example.org' });
    await alice.settle();
    expect(agent.asked).toBe(0);
    const id = await acceptCode(alice, agent.invitation());
    await alice.settle();
    expect(heard()).toEqual(['profile', 'request-receipts']);
    expect(agent.heard[0]?.message.pthid).toBe((await contact(id)).payload.invitationId);
    expect((await contact(id)).row.state).toBe('connecting');
  });

  test('what comes from it is judged by what was fetched, and asks nobody', async () => {
    const id = await acceptCode(alice, agent.invitation());
    await alice.settle();
    const { asked } = agent;
    agent.json = undefined;
    await say(id, 'hello');
    expect(await quarantineReasons(alice.wallet)).toEqual([]);
    expect(await alice.chat(id)).toMatchObject([{ text: 'them: hello' }]);
    expect((await contact(id)).row.state).toBe('connected');
    expect(agent.asked).toBe(asked);
    const other = await webAgent();
    await deliver(alice, await other.letter((await contact(id)).payload.myDid, TEXT, {}));
    expect(await quarantineReasons(alice.wallet)).toEqual(['decrypt']);
  });

  test('is accepted without a network, and written to; all leaves later, in order', async () => {
    alice.network.online = false;
    const id = await acceptCode(alice, agent.invitation());
    expect((await contact(id)).row.state).toBe('connecting');
    expect(await write(id, 'one')).toBe(true);
    await alice.settle();
    expect(await write(id, 'two')).toBe(true);
    expect(await alice.chat(id)).toEqual([
      { text: 'me: one', st: 'waiting' },
      { text: 'me: two', st: 'waiting' },
    ]);
    alice.network.online = true;
    expect(await alice.settle()).toBe(true);
    expect(heard()).toEqual(['profile', 'request-receipts', 'one', 'two']);
    expect((await alice.chat(id)).map(({ st }) => st)).toEqual(['sent', 'sent']);
    expect(await alice.wallet.db.intents.count()).toBe(0);
    expect(alice.failures).toEqual([]);
  });

  test('whose host does not answer waits until it does', async () => {
    const { json } = agent;
    agent.json = undefined;
    const id = await acceptCode(alice, agent.invitation());
    expect(await alice.settle()).toBe(false);
    await alice.settle();
    expect(agent.asked).toBe(1);
    agent.json = json;
    skip = 31_000;
    await alice.settle();
    expect(heard()).toEqual(['profile', 'request-receipts']);
    expect((await contact(id)).payload.unmet).toBeUndefined();
  });

  test('whose document is of somebody else is of no use; its chat can be deleted', async () => {
    agent.json = agent.json?.replace(WEB_DID, 'did:web:other.example.org');
    const id = await acceptCode(alice, agent.invitation());
    await alice.settle();
    expect((await contact(id)).payload.unmet?.fault).toBe('unusable');
    expect(await write(id, 'hello')).toBe(false);
    expect([agent.heard.length, await alice.settle()]).toEqual([0, true]);
    expect(await endRelationship(alice.wallet, id)).toBe(false);
    await deleteChat(alice.wallet, id);
    expect(await alice.wallet.db.contacts.count()).toBe(0);
  });

  test('that expired before the host was reached makes nobody speak', async () => {
    alice.network.online = false;
    const soon = Math.floor(Date.now() / 1000) + 60;
    const id = await acceptCode(alice, agent.invitation({ expires_time: soon }));
    skip = 120_000;
    alice.network.online = true;
    await alice.settle();
    expect([agent.heard.length, await alice.settle()]).toEqual([0, true]);
    expect((await contact(id)).payload.invited?.endsAt).toBe(soon * 1000);
  });

  test('that is signed must be signed by it', async () => {
    const signed = (by: OwnKey) => nativeEngine.sign(utf8(agent.invitation()), by);
    const id = await acceptCode(alice, await signed(agent.signing));
    await alice.settle();
    expect((await contact(id)).payload.unmet).toBeUndefined();
    const bob = await walletKnowing(agent);
    const { signing } = await newPeer();
    const forger = { ...signing, kid: agent.signing.kid };
    const forged = await acceptCode(bob, await signed(forger));
    const before = agent.heard.length;
    await bob.settle();
    expect((await contactOf(bob.wallet, forged)).payload.unmet?.fault).toBe('unsigned');
    expect(agent.heard.length).toBe(before);
  });

  test('nobody is told of a move before they were met', async () => {
    alice.network.online = false;
    const id = await acceptCode(alice, agent.invitation());
    expect(await moveToNewAddress(alice.wallet, id)).toBe('nobody');
    expect(await moveContact(alice.wallet, id, WEB_DID)).toBe('nobody');
  });
});

describe('a contact that is a did:web', () => {
  let id: string;
  beforeEach(async () => {
    id = await acceptCode(alice, agent.invitation());
    await alice.settle();
    await say(id, 'hello');
  });

  test('is looked up again with a text an hour later; a new key of it is used and believed', async () => {
    const next = await webAgent();
    agent.json = next.json;
    await write(id, 'soon after');
    await alice.settle();
    expect((await contact(id)).payload.theirDocument?.json).not.toBe(next.json);
    skip = 3_700_000;
    await write(id, 'later');
    await alice.settle();
    expect((await contact(id)).payload.theirDocument?.json).toBe(next.json);
    expect(await alice.wallet.db.intents.count()).toBe(0);
    const { myDid } = (await contact(id)).payload;
    await deliver(alice, await next.letter(myDid, TEXT, { content: 'it is me' }));
    expect((await alice.chat(id)).at(-1)?.text).toBe('them: it is me');
  });

  test('keeps its document when the new one has no key in common with us', async () => {
    const before = (await contact(id)).payload.theirDocument?.json;
    agent.json = (await webAgent('web', 'P-384')).json;
    skip = 3_700_000;
    await write(id, 'later');
    await alice.settle();
    expect((await contact(id)).payload.theirDocument?.json).toBe(before);
    expect(alice.failures).toEqual([]);
  });

  test('is followed to the DID that it moves to', async () => {
    const { asked } = agent;
    const moved = await newPeer([{ uri: 'https://agent.example.org/didcomm' }]);
    const fromPrior = await signFromPrior({
      iss: agent.did,
      sub: moved.did,
      iatSeconds: Math.floor(Date.now() / 1000),
      signer: agent.signing,
    });
    const { myDid } = (await contact(id)).payload;
    const body = { profile: { displayName: 'Agent, moved' } };
    await deliver(alice, await letter(moved, myDid, PROFILE, body, { from_prior: fromPrior }));
    const { payload } = await contact(id);
    expect([payload.theirDid, payload.claimedName]).toEqual([moved.did, 'Agent, moved']);
    // It says so until we write to the new one.
    const again = await letter(moved, myDid, TEXT, { content: 'me' }, { from_prior: fromPrior });
    await deliver(alice, again);
    expect((await alice.chat(id)).at(-1)?.text).toBe('them: me');
    // And nobody else speaks for the one that it left.
    await deliver(alice, await agent.letter(myDid, TEXT, { content: 'me too' }));
    expect((await alice.chat(id)).at(-1)?.text).toBe('them: me');
    expect(agent.asked).toBe(asked);
  });

  test('is told of a move and of the end', async () => {
    await moveToNewAddress(alice.wallet, id);
    await alice.settle();
    expect(agent.heard.at(-1)?.rotation?.priorDid).toBeDefined();
    await endRelationship(alice.wallet, id);
    await alice.settle();
    expect(agent.heard.at(-1)?.ending).toBeDefined();
    expect((await contact(id)).row.state).toBe('ended');
  });
});

test('a did:web that answers an invitation of ours is not looked up, and not believed', async () => {
  const invitation = await openInvitation(alice, mediator.url, true);
  const more = { pthid: invitation.oobId };
  await deliver(alice, await agent.letter(invitation.did, TEXT, { content: 'hi' }, more));
  expect(await quarantineReasons(alice.wallet)).toEqual(['did']);
  expect(agent.asked).toBe(0);
});

describe('somebody without a key on X25519', () => {
  test.each([
    ['did:peer:2', 'P-256'],
    ['did:peer:2', 'P-384'],
    ['did:peer:2', 'P-521'],
    ['did:web', 'P-384'],
  ] as const)(
    '%s with %s: both read what the other writes, also after a move',
    async (did, curve) => {
      agent = await webAgent(did === 'did:web' ? 'web' : 'peer', curve);
      alice = await walletKnowing(agent);
      const id = await acceptCode(alice, agent.invitation());
      await write(id, 'first');
      await alice.settle();
      expect(heard()).toEqual(['profile', 'request-receipts', 'first']);
      await say(id, 'hello');
      await moveToNewAddress(alice.wallet, id);
      await write(id, 'from my new address');
      await alice.settle();
      await say(id, 'heard');
      expect((await alice.chat(id)).map(({ text }) => text)).toEqual([
        'me: first',
        'them: hello',
        'me: from my new address',
        'them: heard',
      ]);
      expect((await contact(id)).payload.fromPrior).toBeUndefined();
      expect(heard().at(-1)).toBe('from my new address');
      await endRelationship(alice.wallet, id);
      await alice.settle();
      expect(await alice.wallet.db.keys.count()).toBe(0);
      expect(alice.failures).toEqual([]);
    },
  );
});
