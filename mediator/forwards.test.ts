import { expect, test } from 'vitest';
import type { Did, KeyId } from '../src/did/did.ts';
import { resolveDid } from '../src/did/resolve.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { forwardOf, letterFor, lettersOf } from '../src/testing/mediator-client.ts';
import { peer2DocumentOf, peer4Around } from '../src/testing/peer-did.ts';
import { newPeer } from '../src/testing/peer.ts';
import {
  countOf,
  newAccount,
  postForward,
  sendLetter,
  testMediator,
} from '../src/testing/test-mediator.ts';
import { STORE_LIMITS } from './store/types.ts';

const CM3 = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';

test('an envelope in any form arrives as it was', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const { peer } = account.client;
  const forms = [
    (jwe: string) => ({ json: JSON.parse(jwe) }),
    (jwe: string) => ({ json: jwe }),
    (jwe: string) => ({ base64: Buffer.from(jwe).toString('base64url') }),
    (jwe: string) => ({ base64: Buffer.from(jwe).toString('base64') }),
  ];
  const letters = await Promise.all(forms.map((_, i) => letterFor(peer, `form ${i}`)));
  const names = [
    peer.did,
    peer.agreement.kid,
    `did:key:${peer2DocumentOf(peer.did).keyAgreement[0]!.multibase}`,
  ];
  for (const [index, form] of forms.entries())
    expect(
      await postForward(mediator, account.routingDid, {
        body: { next: names[index % names.length] },
        attachments: [{ data: form(letters[index]!) }],
      }),
    ).toEqual({ status: 202, body: '' });
  const { message } = await account.client.ask(`${PICKUP}/delivery-request`, { limit: 9 });
  expect(lettersOf(message).map(({ packed }) => packed)).toEqual(letters);
});

test('long and short did:peer:4 are one recipient', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const key = peer2DocumentOf(account.client.peer.did).keyAgreement[0]!;
  const long = peer4Around({
    '@context': ['https://www.w3.org/ns/did/v1'],
    keyAgreement: [{ id: '#k', type: 'Multikey', publicKeyMultibase: key.multibase }],
  });
  const short = long.slice(0, long.lastIndexOf(':')) as Did;
  expect((await resolveDid(long)).kind).toBe('ok');
  await account.client.ask(`${CM3}/recipient-update`, {
    updates: [{ recipient_did: long, action: 'add' }],
  });
  for (const next of [short, long]) {
    const letter = await letterFor(account.client.peer, next);
    expect((await mediator.post(await forwardOf(letter, next, account.routingDid))).status).toBe(
      202,
    );
  }
  expect(await countOf(account)).toBe(2);
});

test('forwards may name us by any of our names, or by none', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  for (const to of [[mediator.identity.did], ['did:example:somebody-else'], undefined]) {
    const letter = await letterFor(account.client.peer, 'hello');
    const answer = await postForward(mediator, account.routingDid, {
      to,
      body: { next: account.client.peer.did },
      attachments: [{ data: { json: JSON.parse(letter) } }],
    });
    expect(answer.status).toBe(202);
  }
  expect(await countOf(account)).toBe(3);
});

test('a forward sent twice is stored once and answered alike', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const letter = await letterFor(account.client.peer, 'once');
  const forward = await forwardOf(letter, account.client.peer.did, account.routingDid);
  for (const packed of [
    forward,
    forward,
    await forwardOf(letter, account.client.peer.did, account.routingDid),
  ])
    expect(await mediator.post(packed)).toEqual({ status: 202, body: '' });
  expect(await countOf(account)).toBe(1);
});

test('expires_time shortens the stay; a past one is dropped like a stored one', async () => {
  let now = 1_800_000_000_000;
  const mediator = await testMediator({ clock: { now: () => now } });
  const account = await newAccount(mediator);
  const put = async (expires_time: number) =>
    postForward(mediator, account.routingDid, {
      expires_time,
      body: { next: account.client.peer.did },
      attachments: [{ data: { json: JSON.parse(await letterFor(account.client.peer, 'x')) } }],
    });
  expect(await put(1_799_999_999)).toEqual({ status: 202, body: '' });
  expect(await countOf(account)).toBe(0);
  expect((await put(1_800_000_060)).status).toBe(202);
  expect((await put(9_999_999_999)).status).toBe(202);
  expect(await countOf(account)).toBe(2);
  now += 61_000;
  await mediator.store.expire(now, 100);
  expect((await mediator.store.stats()).messages).toBe(1);
  now += 30 * 24 * 3600 * 1000;
  await mediator.store.expire(now, 100);
  expect((await mediator.store.stats()).messages).toBe(0);
});

test('forwards to strangers are refused by a signed report, or kept silent about', async () => {
  const stranger = await newPeer();
  const letter = await letterFor(stranger, 'hello');
  const loud = await testMediator();
  const { routingDid } = loud.identity;
  const answer = await loud.post(await forwardOf(letter, stranger.did, routingDid));
  expect(answer.status).toBe(200);
  const jws = JSON.parse(answer.body) as { payload: string };
  const report = JSON.parse(Buffer.from(jws.payload, 'base64url').toString()) as object;
  expect(report).toMatchObject({
    type: REPORT,
    from: routingDid,
    body: {
      code: 'e.p.req.not_enroll',
      comment: "The DID '{1}' is not enroled.",
      args: [stranger.did],
    },
  });
  expect(report).not.toHaveProperty('to');
  expect(report).toHaveProperty('pthid');
  const opened = await (await loud.client()).open(answer.body);
  expect(opened.sender).toBe(routingDid);

  const silent = await testMediator({ unknownForwards: 'silent' });
  const forward = await forwardOf(letter, stranger.did, silent.identity.routingDid);
  expect(await silent.post(forward)).toEqual({ status: 202, body: '' });
});

test('a full inbox answers 507 with a signed report and keeps what it had', async () => {
  const mediator = await testMediator({
    limits: {
      store: { messagesPerInbox: 1, bytesPerInbox: 1e6, didsPerAccount: 10, linksPerAccount: 10 },
    },
  });
  const account = await newAccount(mediator);
  await sendLetter(mediator, account, 'fits');
  const letter = await letterFor(account.client.peer, 'does not');
  const answer = await mediator.post(
    await forwardOf(letter, account.client.peer.did, account.routingDid),
  );
  expect(answer.status).toBe(507);
  const { message } = await account.client.open(answer.body);
  expect(message.body['code']).toBe('e.p.me.res.storage.quota');
  expect(await countOf(account)).toBe(1);
});

test('of a forward that does not fit as a whole nothing is stored', async () => {
  const mediator = await testMediator({
    limits: { store: { ...STORE_LIMITS, messagesPerInbox: 2 } },
  });
  const account = await newAccount(mediator);
  const put = async (count: number) =>
    postForward(mediator, account.routingDid, {
      body: { next: account.client.peer.did },
      attachments: await Promise.all(
        Array.from({ length: count }, async (_, i) => ({
          data: { json: JSON.parse(await letterFor(account.client.peer, `${i}`)) as unknown },
        })),
      ),
    });
  expect((await put(3)).status).toBe(507);
  expect(await countOf(account)).toBe(0);
  expect((await put(2)).status).toBe(202);
  expect(await countOf(account)).toBe(2);
});

test('an inner envelope over 512 KiB answers 413', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const letter = await letterFor(account.client.peer, 'x'.repeat(400_000));
  expect(letter.length).toBeGreaterThan(512 * 1024);
  const answer = await mediator.post(
    await forwardOf(letter, account.client.peer.did, account.routingDid),
  );
  expect(answer.status).toBe(413);
  expect(await countOf(account)).toBe(0);
});

test('malformed forwards are reported by name and stored nowhere', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const next = account.client.peer.did;
  const jwe = JSON.parse(await letterFor(account.client.peer, 'x')) as object;
  const good = [{ data: { json: jwe } }];
  for (const plaintext of [
    { body: {}, attachments: good },
    { body: { next: 'nobody' }, attachments: good },
    { body: { next: ['did:x:y'] }, attachments: good },
    { body: { next }, attachments: [] },
    { body: { next } },
    { body: { next }, attachments: [{ data: { json: {} } }] },
    { body: { next }, attachments: [{ data: { json: 'text' } }] },
    { body: { next }, attachments: [{ data: { base64: '!!!' } }] },
    { body: { next }, attachments: [{ data: { base64: 'AAAA' } }] },
    { body: { next }, attachments: [{ data: { links: ['http://127.0.0.1/'] } }] },
    { body: { next }, attachments: [...good, { data: { json: {} } }] },
  ]) {
    const answer = await postForward(mediator, account.routingDid, plaintext);
    expect(answer.status).toBe(200);
    const { message } = await account.client.open(answer.body);
    expect(message.body['code']).toBe('e.p.msg.https://didcomm.org/routing/2.0/forward');
  }
  const many = Array.from({ length: 21 }, () => good[0]);
  expect(
    (await postForward(mediator, account.routingDid, { body: { next }, attachments: many })).status,
  ).toBe(400);
  expect(await countOf(account)).toBe(0);
});

test('a forward within forwards to the mediator itself is taken, three deep and no deeper', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const { did, routingDid } = mediator.identity;
  const outer = (inner: string, through: Did) => forwardOf(inner, through, routingDid);
  const next = account.client.peer.did;
  let packed = await forwardOf(await letterFor(account.client.peer, 'deep'), next, routingDid);
  for (const through of [routingDid, did, routingDid]) {
    packed = await outer(packed, through);
    expect(await mediator.post(packed)).toEqual({ status: 202, body: '' });
  }
  expect(await countOf(account)).toBe(1);
  const stranger = await newPeer();
  for (const refused of [
    await outer(packed, did),
    await outer(await letterFor(stranger, 'x'), did),
    await outer(await account.client.pack(`${PICKUP}/status-request`, {}), did),
  ]) {
    const answer = await mediator.post(refused);
    const { message } = await account.client.open(answer.body);
    expect([answer.status, message.body['code']]).toEqual([200, 'e.p.req.not_enroll']);
  }
});

test('the mediator is also meant where a forward is for its key, or for a DID it had at another address', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const { did, routingDid } = mediator.identity;
  const { multibase } = peer2DocumentOf(did).keyAgreement[0]!;
  const [keys] = routingDid.split('.S');
  const names = [`did:key:${multibase}`, `did:key:${multibase}#${multibase}`, keys!] as Did[];
  for (const name of names) {
    const letter = await letterFor(account.client.peer, name);
    const inner = await forwardOf(letter, account.client.peer.did, routingDid);
    const outer = await forwardOf(inner, name, routingDid);
    expect(await mediator.post(outer), name).toEqual({ status: 202, body: '' });
  }
  expect(await countOf(account)).toBe(names.length);
  const { message } = await account.client.ask(`${CM3}/recipient-update`, {
    updates: names.map((recipient_did) => ({ recipient_did, action: 'add' })),
  });
  expect(message?.body['updated']).toMatchObject(names.map(() => ({ result: 'client_error' })));
});

test('of nested forwards the one that ends first says how long mail waits', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const inner = await forwardOf(
    await letterFor(account.client.peer, 'late'),
    account.client.peer.did,
    account.routingDid,
  );
  const outer = (expires_time: number) =>
    postForward(mediator, account.routingDid, {
      expires_time,
      body: { next: mediator.identity.did },
      attachments: [{ data: { json: inner } }],
    });
  expect((await outer(1)).status).toBe(202);
  expect(await countOf(account)).toBe(0);
  expect((await outer(9_999_999_999)).status).toBe(202);
  expect(await countOf(account)).toBe(1);
});

test('a forward may use any name of our key and any content encryption', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const key = peer2DocumentOf(account.routingDid).keyAgreement[0]!;
  const { multibase } = key;
  const kids: KeyId[] = [
    key.kid,
    `${account.routingDid}#${multibase}`,
    `${account.routingDid}#${multibase.slice(1)}`,
    `did:key:${multibase}#${multibase}`,
  ];
  const contents = ['A256CBC-HS512', 'A256GCM', 'XC20P'] as const;
  for (const [index, kid] of kids.entries()) {
    const letter = await letterFor(account.client.peer, kid);
    const plaintext = {
      id: crypto.randomUUID(),
      type: 'https://didcomm.org/routing/2.0/forward',
      body: { next: account.client.peer.did },
      attachments: [{ data: { json: JSON.parse(letter) as unknown } }],
    };
    const packed = await nativeEngine.anoncrypt(
      new TextEncoder().encode(JSON.stringify(plaintext)),
      [{ ...key, kid }],
      contents[index % contents.length],
    );
    expect(await mediator.post(packed), kid).toEqual({ status: 202, body: '' });
  }
  expect(await countOf(account)).toBe(kids.length);
});

test('a forward that names its sender is taken like any other, and answered without the name', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const sender = await mediator.client();
  const stranger = await newPeer();
  const forward = async (next: Did) =>
    mediator.post(
      await sender.pack(
        'https://didcomm.org/routing/2.0/forward',
        { next },
        {
          attachments: [{ data: { json: JSON.parse(await letterFor(stranger, 'x')) as unknown } }],
        },
      ),
    );
  expect(await forward(account.client.peer.did)).toEqual({ status: 202, body: '' });
  const refused = await forward(stranger.did);
  expect(refused.status).toBe(200);
  expect(JSON.parse(refused.body)).toHaveProperty('payload');
  expect(await countOf(account)).toBe(1);
});
