import { expect, test } from 'vitest';
import { sealJws } from '../didcomm/jws.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import { newPeer } from '../testing/peer.ts';
import { freshWallet } from '../testing/wallets.ts';
import { readInvitationCode } from './intents.ts';

const peer = () => newPeer([{ uri: 'https://mail.example.com/' }]);
const invitationOf = (from: string, label = 'Mallory') =>
  JSON.stringify({
    type: 'https://didcomm.org/out-of-band/2.0/invitation',
    id: '1',
    from,
    body: { label },
  });
const linkTo = (json: string): string =>
  `https://wallet.example.org/i?_oob=${toBase64Url(utf8(json))}`;

test('a signed invitation is taken when its sender signed it, and only then', async () => {
  const { wallet } = await freshWallet('Alice', 'http://localhost:1');
  const [mallory, trent] = [await peer(), await peer()];
  const plain = utf8(invitationOf(mallory.did));
  const read = async (json: string) => (await readInvitationCode(wallet, linkTo(json))).kind;

  const good = await sealJws(plain, mallory.signing);
  expect(await read(good)).toBe('ok');
  expect(await readInvitationCode(wallet, good)).toMatchObject({
    kind: 'ok',
    invitation: { label: 'Mallory', from: mallory.did },
  });
  expect(await read(await sealJws(plain, trent.signing))).toBe('unsigned');
  const { payload: _, ...signatures } = JSON.parse(good) as { payload: string };
  const renamed = toBase64Url(utf8(invitationOf(mallory.did, 'Your bank')));
  expect(await read(JSON.stringify({ ...signatures, payload: renamed }))).toBe('unsigned');
  const flattened = {
    payload: toBase64Url(plain),
    ...(JSON.parse(good) as { signatures: object[] }).signatures[0],
  };
  expect(await read(JSON.stringify(flattened))).toBe('ok');
  // What is signed and no invitation is told like what is not signed.
  expect(await read(await sealJws(utf8('{"hello":"world"}'), mallory.signing))).toBe(
    'not-an-invitation',
  );
});

test('what is attached and signed must be signed by the inviter', async () => {
  const { wallet } = await freshWallet('Alice', 'http://localhost:1');
  const [mallory, trent] = [await peer(), await peer()];
  const offer = utf8('{"type":"https://example.org/offer/1.0/offer"}');
  const read = async (data: object) =>
    readInvitationCode(
      wallet,
      JSON.stringify({
        ...JSON.parse(invitationOf(mallory.did)),
        attachments: [{ id: 'a', data }],
      }),
    );
  const signedBy = async (signer: typeof mallory, bytes = offer) => {
    const { payload: _, ...jws } = JSON.parse(await sealJws(bytes, signer.signing)) as {
      payload: string;
    };
    return { base64: toBase64Url(offer), jws };
  };
  // Nothing of the kind is taken yet, which is another matter than who signed it.
  expect(await read({ base64: toBase64Url(offer) })).toEqual({ kind: 'unknown-request' });
  expect(await read(await signedBy(mallory))).toEqual({ kind: 'unknown-request' });
  expect(await read(await signedBy(trent))).toEqual({ kind: 'unsigned' });
  expect(await read(await signedBy(mallory, utf8('{}')))).toEqual({ kind: 'unsigned' });
  const { jws } = await signedBy(mallory);
  expect(await read({ json: { type: 'https://example.org/offer/1.0/offer' }, jws })).toEqual({
    kind: 'unsigned',
  });
});
