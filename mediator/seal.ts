import type { Did, ResolveDid } from '../src/did/did.ts';
import { addressDraft } from '../src/didcomm/address.ts';
import type { EnvelopeEngine } from '../src/didcomm/engine.ts';
import { packAuthcrypt } from '../src/didcomm/pack.ts';
import { ENCRYPTED_TYP, SIGNED_TYP, type Message } from '../src/didcomm/plaintext.ts';
import type { Draft } from '../src/didcomm/router.ts';
import { utf8 } from '../src/lib/bytes.ts';
import type { Clock } from '../src/lib/clock.ts';
import type { Identity } from './identity.ts';

export interface SealContext {
  readonly engine: EnvelopeEngine;
  readonly resolve: ResolveDid;
  readonly identity: Identity;
  readonly clock: Clock;
}

export interface Sealed {
  readonly packed: string;
  readonly mediaType: typeof ENCRYPTED_TYP | typeof SIGNED_TYP;
}

/** Encrypts a reply to the DID that the envelope proved, from the DID that it was addressed to. */
export async function sealReply(
  { engine, resolve, identity, clock }: SealContext,
  draft: Draft,
  inReplyTo: Pick<Message, 'id' | 'thid'>,
  { ourDid, theirDid }: { readonly ourDid: Did; readonly theirDid: Did },
): Promise<Sealed | undefined> {
  const resolved = await resolve(theirDid);
  if (resolved.kind !== 'ok') return undefined;
  const packed = await packAuthcrypt(engine, {
    plaintext: addressDraft(draft, { to: theirDid, from: ourDid, nowMs: clock.now(), inReplyTo }),
    sender: identity.agreementKey(ourDid),
    recipient: resolved.document,
  });
  return packed.kind === 'ok' ? { packed: packed.packed, mediaType: ENCRYPTED_TYP } : undefined;
}

/** Signs a reply to somebody who gave no name. */
export async function signReply(
  { engine, identity, clock }: SealContext,
  draft: Draft,
  inReplyTo: Pick<Message, 'id' | 'thid'>,
  ourDid: Did,
): Promise<Sealed> {
  const plaintext = addressDraft(draft, { from: ourDid, nowMs: clock.now(), inReplyTo });
  const bytes = utf8(JSON.stringify(plaintext));
  return {
    packed: await engine.sign(bytes, identity.signingKey(ourDid)),
    mediaType: SIGNED_TYP,
  };
}
