import { aesCbcHmac } from '../crypto/aes-cbc-hmac.ts';
import type { Did, DidDocument } from '../did/did.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { sealJwe } from '../didcomm/jwe-seal.ts';
import { packAuthcrypt } from '../didcomm/pack.ts';
import { ENCRYPTED_TYP, PLAIN_TYP } from '../didcomm/plaintext.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { randomBytes, utf8, type Bytes } from '../lib/bytes.ts';
import { newMessageId } from '../lib/ids.ts';
import { Forward } from '../protocols/routing/messages.ts';
import { newPeer } from './peer.ts';

/** Many distinct forwards for a mediator, at a fraction of what packing each would take. */
export interface ForwardPress {
  /** @returns the forward, and what it carries, as text */
  print(next: Did): Promise<{ readonly packed: string; readonly letter: string }>;
}

/**
 * Every forward has its own vector, content and tag, but one ephemeral key and one wrapped content key: a mediator
 * opens it with the same work as any other. The envelope inside is one of 200 characters between two did:peer:2
 * whose service is a DID, with other bytes for its vector each time.
 */
export async function forwardPress({ did, keyAgreement }: DidDocument): Promise<ForwardPress> {
  let made: { readonly key: Bytes; readonly aad: Bytes } | undefined;
  const cipher: typeof aesCbcHmac = {
    ...aesCbcHmac,
    seal: async (key, iv, aad, plaintext) => {
      made = { key, aad };
      return aesCbcHmac.seal(key, iv, aad, plaintext);
    },
  };
  const outer = JSON.parse(
    await sealJwe(utf8('{}'), keyAgreement, { enc: 'A256CBC-HS512', cipher }),
  ) as object;
  const inner = JSON.parse(await letterBetweenPeers(did)) as object;
  if (!made) throw new Error('sealing did not use the cipher');
  const { key, aad } = made;
  return {
    print: async (next) => {
      const letter = JSON.stringify({ ...inner, iv: toBase64Url(randomBytes(16)) });
      const plaintext = {
        id: newMessageId(),
        type: Forward.type,
        typ: PLAIN_TYP,
        to: [did],
        body: { next },
        attachments: [
          {
            id: newMessageId(),
            media_type: ENCRYPTED_TYP,
            data: { json: JSON.parse(letter) as unknown },
          },
        ],
      };
      const iv = randomBytes(16);
      const sealed = await aesCbcHmac.seal(key, iv, aad, utf8(JSON.stringify(plaintext)));
      const packed = JSON.stringify({
        ...outer,
        iv: toBase64Url(iv),
        ciphertext: toBase64Url(sealed.ciphertext),
        tag: toBase64Url(sealed.tag),
      });
      return { packed, letter };
    },
  };
}

async function letterBetweenPeers(routingDid: Did): Promise<string> {
  const services = [{ uri: routingDid }];
  const [alice, bob] = await Promise.all([newPeer(services), newPeer(services)]);
  const packed = await packAuthcrypt(nativeEngine, {
    plaintext: {
      id: newMessageId(),
      type: 'https://didcomm.org/basicmessage/2.0/message',
      typ: PLAIN_TYP,
      from: alice.did,
      to: [bob.did],
      created_time: 1_800_000_000,
      body: { content: 'x'.repeat(200) },
    },
    sender: alice.agreement,
    recipient: bob.document,
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return packed.packed;
}
