import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { encodeKey } from '../crypto/multicodec.ts';
import type { Did } from '../did/did.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import type { Json } from '../testing/forge.ts';
import { answered, outboxWorld, ROUTE, type OutboxWorld } from '../testing/outbox-world.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { base64Url } from '../testing/peer-did.ts';
import { freshMediator } from '../testing/wallets.ts';
import { sendText } from './chat.ts';

// Where mail is sent to, and what a mailbox sees of it.

let mediator: Mediator;
let world: OutboxWorld;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  world = await outboxWorld(mediator.url);
});

describe('routes', () => {
  const unsafe = encodeKey('X25519', new Uint8Array(32));
  const signing = async () => (await newPeer()).document.authentication[0]?.multibase ?? '';
  const routes: readonly (readonly [string, () => Promise<Peer>])[] = [
    ['no address', () => newPeer()],
    ['a queue', () => newPeer([{ uri: 'didcomm:transport/queue' }])],
    ['a socket only', () => newPeer([{ uri: 'wss://mail.example/' }])],
    ['a scheme of its own', () => newPeer([{ uri: 'ftp://mail.example/' }])],
    ['a name and a password', () => newPeer([{ uri: 'https://a:b@mail.example/' }])],
    ['a DID that says nothing', () => newPeer([{ uri: 'did:example:mail' }])],
    ['a mailbox without an address', async () => newPeer([{ uri: (await newPeer()).did }])],
    [
      'a mailbox behind two mailboxes',
      async () => {
        const second = await newPeer([{ uri: world.theirs.did }]);
        return newPeer([{ uri: (await newPeer([{ uri: second.did }])).did }]);
      },
    ],
    [
      'a mailbox with a routing key that nobody knows',
      async () => newPeer([{ uri: world.theirs.did, routingKeys: [`${world.theirs.did}#key-9`] }]),
    ],
    [
      'a mailbox with a key that is unsafe to agree with',
      async () => {
        const service = base64Url({ t: 'dm', s: { uri: ROUTE } });
        const did = `did:peer:2.E${unsafe}.V${await signing()}.S${service}` as Did;
        return newPeer([{ uri: did }]);
      },
    ],
  ];
  test.each(routes)('%s is no route, and stops no other lane', async (_name, make) => {
    const lost = await world.contactAndText(await make());
    const other = await world.contactAndText();
    await sendText(world.alice.wallet, lost, 'still lost', 'en');
    await world.flush();
    expect(await world.stateOf(lost)).toBe('failed: no-route,failed: no-route');
    expect(await world.stateOf(other)).toBe('sent');
    expect(world.posts).toHaveLength(1);
    expect(await world.alice.wallet.db.outbox.count()).toBe(0);
  });

  test('who is not reached on one way is tried on the next, by the same bytes each time', async () => {
    const second = await newPeer([{ uri: 'https://second.example/' }]);
    const peer = await newPeer([{ uri: world.theirs.did }, { uri: second.did }]);
    const contactId = await world.contactAndText(peer);
    world.answer = (url) =>
      world.posts.length < 4 || url === ROUTE ? { kind: 'unreachable' } : answered(202);
    for (let i = 0; i < 4; i += 1) {
      await world.flush();
      world.now += 3_600_000;
    }
    expect(world.posts.map(({ url }) => url)).toEqual([
      ROUTE,
      'https://second.example/',
      ROUTE,
      'https://second.example/',
    ]);
    expect([world.posts[2], world.posts[3]]).toEqual([world.posts[0], world.posts[1]]);
    expect(await world.stateOf(contactId)).toBe('sent');
  });

  test('a public wallet sends to no local address', async () => {
    const viaMailbox = await world.contactAndText();
    const direct = await world.contactAndText(await newPeer([{ uri: 'http://192.168.0.1/' }]));
    const second = await newPeer([{ uri: 'https://10.0.0.1/' }, { uri: 'https://mail.example/' }]);
    const choice = await world.contactAndText(second);
    await world.flush('https://parley.example');
    expect([await world.stateOf(viaMailbox), await world.stateOf(direct)]).toEqual([
      'failed: no-route',
      'failed: no-route',
    ]);
    expect(await world.stateOf(choice)).toBe('sent');
    expect(world.posts.map(({ url }) => url)).toEqual(['https://mail.example/']);
  });

  test('a contact with an address of its own gets the envelope as it is', async () => {
    const peer = await newPeer([{ uri: 'https://mail.example/inbox' }]);
    await world.contactAndText(peer);
    await world.flush('https://parley.example');
    const [post] = world.posts;
    const { recipients } = JSON.parse(post?.packed ?? '{}') as { recipients: object[] };
    expect(recipients).toMatchObject([{ header: { kid: peer.agreement.kid } }]);
  });
});

test('what is said in the open of a forward tells neither sender nor text', async () => {
  await world.contactAndText();
  await world.flush();
  const [post] = world.posts;
  const opened = await nativeEngine.unpack(post?.packed ?? '', world.theirs.secrets, async () => ({
    kind: 'unsupported',
  }));
  if (opened.kind !== 'ok') throw new Error(opened.kind);
  const forward = JSON.parse(new TextDecoder().decode(opened.plaintextBytes)) as Json;
  expect(Object.keys(forward).toSorted()).toEqual(
    ['attachments', 'body', 'created_time', 'expires_time', 'id', 'to', 'typ', 'type'].toSorted(),
  );
});
