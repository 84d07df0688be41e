import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import type { Draft } from '../../e2e/peers/didcomm.ts';
import { tutorialPerson, type TutorialPerson } from '../../e2e/peers/sicpa-tutorial.ts';
import { resolveDid } from '../did/resolve.ts';
import { isDid, type Did, type KeyId } from '../did/did.ts';
import { signFromPrior } from '../didcomm/from-prior.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { packAnoncrypt } from '../didcomm/pack.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { openInvitation } from '../testing/foreign.ts';
import { documentOf } from '../testing/peer-did.ts';
import { forwardOf } from '../testing/mediator-client.ts';
import { postTo } from '../testing/running-mediator.ts';
import peerDids from '../testing/vectors/peer-did.json' with { type: 'json' };
import {
  acceptCode,
  freshMediator,
  freshWallet,
  httpFrom,
  type TestWallet,
} from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactById, type Contact } from './contacts.ts';
import { endRelationship } from './end-relationship.ts';
import { readyMediator } from './mediators.ts';

// The tutorial of the DIDComm book, "startConnection" by SICPA, from the invitation to the ending: our wallet
// plays each of its two people, and didcomm-node plays the other. That library can neither say nor read the
// ending (`from_prior` without `sub`), so that our own core stands in for it there.

const TEXT = 'https://didcomm.org/basicmessage/2.0/message';
const PROFILE = 'https://didcomm.org/user-profile/1.0/profile';

let mediator: Mediator;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());

interface Scene {
  readonly wallet: TestWallet;
  readonly peer: TutorialPerson;
  /** What our wallet posted to the peer's endpoint, opened by the library; the newest last. */
  readonly arrived: () => Promise<Awaited<ReturnType<TutorialPerson['read']>>[]>;
  readonly posted: readonly string[];
}

async function scene(peerName: 'alice' | 'bob'): Promise<Scene> {
  const peer = tutorialPerson(peerName);
  const posted: string[] = [];
  const real = httpFrom(mediator.url);
  const wallet = await freshWallet('Parley', mediator.url, {
    http: {
      ...real,
      post: async (url, packed, max) => {
        if (url !== peer.endpoint) return real.post(url, packed, max);
        posted.push(packed);
        return { kind: 'answered', status: 202, body: '', retryAfterMs: undefined };
      },
    },
  });
  await wallet.settle();
  return {
    wallet,
    peer,
    posted,
    arrived: () => Promise.all(posted.map((packed) => peer.read(packed))),
  };
}

async function hear({ wallet, peer }: Scene, draft: Draft, to: Did): Promise<void> {
  const { url, packed } = await peer.write(draft, to);
  expect((await postTo(url, packed)).status).toBe(202);
  await wallet.settle();
}

async function only({ wallet: { wallet } }: Scene): Promise<Contact> {
  const [row] = await wallet.db.contacts.toArray();
  const contact = row && (await contactById(wallet, row.id));
  if (!contact) throw new Error('no contact');
  return contact;
}

const chat = async (scene: Scene): Promise<string[]> =>
  (await scene.wallet.chat((await only(scene)).row.id)).map(({ text }) => text);

const say = async (scene: Scene, text: string): Promise<void> => {
  expect(await sendText(scene.wallet.wallet, (await only(scene)).row.id, text, 'en')).toBe(true);
  await scene.wallet.settle();
};

/** Chatting, once both know each other. */
async function talk(scene: Scene): Promise<void> {
  await hear(
    scene,
    { type: TEXT, body: { content: 'Hello Parley' } },
    (await only(scene)).payload.myDid,
  );
  await say(scene, 'Hello there');
  expect((await chat(scene)).slice(-2)).toEqual(['them: Hello Parley', 'me: Hello there']);
  const last = (await scene.arrived()).at(-1);
  expect(last).toMatchObject({
    type: TEXT,
    body: { content: 'Hello there' },
    to: [scene.peer.did],
  });
}

const asDid = (text: string): Did => {
  if (!isDid(text)) throw new Error('not a DID');
  return text;
};

/** The peer ends it. The library cannot; our core writes what it would have to. */
async function peerEnds(scene: Scene): Promise<void> {
  const { peer, wallet } = scene;
  const iss = asDid(peer.did);
  const signingKid = (await documentOf(iss)).authentication[0]?.kid;
  const privateKey = await crypto.subtle.importKey('jwk', peer.jwks[1]!, 'Ed25519', false, [
    'sign',
  ]);
  const { payload } = await only(scene);
  const packed = await packAnoncrypt(nativeEngine, {
    plaintext: {
      id: crypto.randomUUID(),
      type: 'https://didcomm.org/empty/1.0/empty',
      typ: 'application/didcomm-plain+json',
      to: [payload.myDid],
      from_prior: await signFromPrior({
        iss,
        iatSeconds: Math.floor(Date.now() / 1000),
        signer: { kid: signingKid as KeyId, privateKey },
      }),
      body: {},
    },
    recipient: await documentOf(payload.myDid),
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  const routing = await readyMediator(wallet.wallet);
  const forward = await forwardOf(packed.packed, payload.myDid, routing!.routingDid);
  expect((await postTo(mediator.url, forward)).status).toBe(202);
  await wallet.settle();
  expect((await only(scene)).row.state).toBe('left');
}

/** We end it: one last envelope, which names no sender and whose JWT names no successor. */
async function weEnd(scene: Scene): Promise<void> {
  const { peer, wallet, posted } = scene;
  const { row, payload } = await only(scene);
  expect(await endRelationship(wallet.wallet, row.id)).toBe(true);
  await wallet.settle();
  expect((await only(scene)).row.state).toBe('ended');
  const ending = posted.at(-1) ?? '';
  await expect(peer.read(ending)).rejects.toThrow(/sub/);

  const privateKey = await crypto.subtle.importKey('jwk', peer.jwks[0]!, 'X25519', false, [
    'deriveBits',
  ]);
  const opened = await openEnvelope(ending, {
    engine: nativeEngine,
    secrets: { agreementKey: async () => privateKey },
    resolve: resolveDid,
    now: Date.now(),
  });
  if (opened.kind !== 'ok') throw new Error(opened.kind);
  expect(opened.inbound).toMatchObject({ encryption: 'anoncrypt' });
  expect(opened.inbound.sender).toBeUndefined();
  expect(JSON.stringify(opened.inbound)).toContain(payload.myDid);
}

test('the peers write DIDs as the tutorial prints them', () => {
  const services = peerDids.sicpaTutorial.map(({ did }) => did.split('.S')[1]);
  expect(services).toHaveLength(3);
  for (const name of ['alice', 'bob'] as const)
    expect(services).toContain(tutorialPerson(name).did.split('.S')[1]);
});

test.each([
  ['Alice ends it', peerEnds],
  ['we end it', weEnd],
])('we are Bob; %s', async (_, end) => {
  const alice = await scene('alice');
  const { wallet, peer } = alice;
  // 1, 2: Alice's invitation, by her first DID; we read it.
  const { id, link } = peer.invite();
  const oobDid = peer.did;
  // 3, 4: our answer names the invitation as its parent.
  await acceptCode(wallet, link);
  await wallet.settle();
  const [answer] = await alice.arrived();
  expect(answer).toMatchObject({ type: PROFILE, pthid: id, to: [oobDid] });
  expect((await only(alice)).row.state).toBe('connecting');
  // 5: Alice answers from another DID, with its proof.
  await peer.rotate();
  await hear(
    alice,
    { type: PROFILE, body: { profile: { displayName: 'Alice' } } },
    (await only(alice)).payload.myDid,
  );
  const { row, payload } = await only(alice);
  expect([row.state, payload.claimedName]).toEqual(['connected', 'Alice']);
  expect([payload.theirDid, payload.theirPriorDids]).toEqual([peer.did, [oobDid]]);
  // 6, 7
  await talk(alice);
  await end(alice);
});

test.each([
  ['Bob ends it', peerEnds],
  ['we end it', weEnd],
])('we are Alice; %s', async (_, end) => {
  const bob = await scene('bob');
  const { wallet, peer } = bob;
  // 1, 2: our invitation; Bob reads it.
  const invitation = await openInvitation(wallet, mediator.url, true);
  await wallet.settle();
  // 3, 4: Bob answers with the invitation's id as parent thread.
  await hear(
    bob,
    { type: PROFILE, pthid: invitation.oobId, body: { profile: { displayName: 'Bob' } } },
    invitation.did,
  );
  // 5: our answer comes from another DID, with its proof.
  await wallet.settle();
  const [answer] = await bob.arrived();
  const { payload } = await only(bob);
  expect(payload.myDid).not.toBe(invitation.did);
  expect(answer).toMatchObject({ from: payload.myDid, to: [peer.did] });
  const [, claims = ''] = String(answer?.from_prior).split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: invitation.did,
    sub: payload.myDid,
  });
  // 6, 7
  await talk(bob);
  await end(bob);
});
