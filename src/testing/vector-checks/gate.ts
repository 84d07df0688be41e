import { signEd25519 } from '../../crypto/signature.ts';
import type { GateReason } from '../../didcomm/gate-reason.ts';
import { verifyFromPrior } from '../../didcomm/verify-from-prior.ts';
import { nativeEngine } from '../../didcomm/native-engine.ts';
import { toBase64Url } from '../../lib/base64url.ts';
import { utf8 } from '../../lib/bytes.ts';
import { ownKeys, resolvePersona } from '../identities.ts';
import negative from '../vectors/didcomm-negative.json' with { type: 'json' };
import plaintexts from '../vectors/didcomm-plaintext.json' with { type: 'json' };
import ending from '../vectors/end-relationship.json' with { type: 'json' };
import fromPrior from '../vectors/from-prior.json' with { type: 'json' };
import { present, same, type VectorCheck } from './check.ts';
import { open } from './envelopes.ts';

// Envelopes and plaintexts that the gate lets in or refuses, each with its reason.

const quarantine = (reason: GateReason) => ({ kind: 'quarantine', reason });
const ownKey = async (who: 'alice' | 'charlie', curve: string) =>
  present(
    (await ownKeys(who)).find(({ crv }) => crv === curve),
    who,
  );

/** From Alice, or from nobody, to the X25519 keys of Bob. */
async function seal(content: string, isAnonymous: boolean): Promise<unknown> {
  const resolution = await resolvePersona('did:example:bob');
  if (resolution.kind !== 'ok') throw new Error(resolution.kind);
  const keys = resolution.document.keyAgreement.filter(({ curve }) => curve === 'X25519');
  const packed = isAnonymous
    ? nativeEngine.anoncrypt(utf8(content), keys)
    : nativeEngine.authcrypt(utf8(content), await ownKey('alice', 'X25519'), keys);
  return JSON.parse(await packed) as unknown;
}

/** Those not named here are `malformed`; some hold a second fault, as JOSE knows no base64url padding. */
const NEGATIVE_REASONS: readonly (readonly [RegExp, GateReason])[] = [
  [/apv replaced|kids replaced/, 'header'],
  [/ciphertext character flipped/, 'decrypt'],
  [/signature character flipped|signer kid/, 'signer'],
];

async function tampered(): Promise<number> {
  for (const { name, json } of negative.mustFail) {
    const [, reason = 'malformed'] = NEGATIVE_REASONS.find(([part]) => part.test(name)) ?? [];
    same(await open(json, 'bob'), quarantine(reason), name);
  }
  return negative.mustFail.length;
}

/** All valid ones are read, and none is taken unencrypted. */
async function validPlaintexts(): Promise<number> {
  for (const { name, json } of plaintexts.valid) {
    const opened = await open(await seal(JSON.stringify(json), true), 'bob');
    // An anonymous message may not move a contact to another DID.
    if ('from_prior' in json) same(opened, quarantine('fp-sub'), name);
    else same(opened.kind, 'ok', name);
    same(await open(json, 'bob'), quarantine('plaintext'), name);
  }
  return plaintexts.valid.length;
}

/** Those not named here are `malformed`. */
const INVALID: ReadonlyMap<string, GateReason | 'ok'> = new Map([
  ['PLAINTEXT_INVALID_FROM_PRIOR', 'fp-kid'],
  ['PLAINTEXT_FROM_PRIOR_INVALID_SIGNATURE', 'fp-kid'],
  ['INVALID_PLAINTEXT_MSG_EMPTY', 'id'],
  ['INVALID_PLAINTEXT_MSG_NO_ID', 'id'],
  ['INVALID_PLAINTEXT_MSG_WRONG_TYP', 'typ'],
  ['INVALID_PLAINTEXT_MSG_ATTACHMENTS_EMPTY_DATA', 'attachment'],
  ['INVALID_PLAINTEXT_MSG_ATTACHMENTS_LINKS_NO_HASH', 'attachment'],
  ['INVALID_PLAINTEXT_MSG_NO_BODY', 'ok'], // valid since DIDComm v2.1
]);

async function invalidPlaintexts(): Promise<number> {
  for (const { name, ...content } of plaintexts.invalid) {
    const text = 'raw' in content ? content.raw : JSON.stringify(content.json);
    const isFromAlice = text.includes('"from":');
    const opened = await open(await seal(text, !isFromAlice), 'bob');
    const got = opened.kind === 'quarantine' ? opened.reason : opened.kind;
    same(got, INVALID.get(name) ?? 'malformed', name);
  }
  return plaintexts.invalid.length;
}

/** What didcomm-node refuses and the specification allows, and the one forgery that it lets through. */
async function beyondReference(): Promise<number> {
  for (const [packed, encryption] of [
    [ending.noBodyV21.packed, 'authcrypt'],
    [ending.authcryptOnlyApu.packed, 'authcrypt'],
    [ending.flattenedJws, 'none'],
  ] as const) {
    const opened = await open(packed, 'bob');
    if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
    const { inbound } = opened;
    const { body } = inbound.message;
    same([inbound.encryption, inbound.sender, body], [encryption, 'did:example:alice', {}], 'open');
  }
  same(await open(ending.fromMismatch.packed, 'bob'), quarantine('from-skid'), 'another from');

  const moved = await open(await seal(JSON.stringify(ending.rotation.plaintext), false), 'bob');
  if (moved.kind !== 'ok') throw new Error(JSON.stringify(moved));
  const rotation = { priorDid: 'did:example:charlie', issuedAtSeconds: 1_700_000_000 };
  same([moved.inbound.sender, moved.inbound.rotation], ['did:example:alice', rotation], 'rotation');
  const ended = await open(ending.endRelationship.packedAnoncrypt, 'bob');
  if (ended.kind !== 'ok') throw new Error(JSON.stringify(ended));
  same(
    [ended.inbound.sender, ended.inbound.ending?.priorDid],
    [undefined, rotation.priorDid],
    'end',
  );
  return 6;
}

/** A header and payload of the vector, signed anew: what is refused is the payload. */
async function resigned(payload: object): Promise<string> {
  const { privateKey } = await ownKey('charlie', 'Ed25519');
  const parts = [fromPrior.valid.header, payload].map((part) =>
    toBase64Url(utf8(JSON.stringify(part))),
  );
  const signed = parts.join('.');
  return `${signed}.${toBase64Url(await signEd25519(privateKey, utf8(signed)))}`;
}

async function fromPriors(): Promise<number> {
  const { jwt, payload } = fromPrior.valid;
  const { iss, sub, iat: iatSeconds, exp: expSeconds, nbf: nbfSeconds } = payload;
  same(
    await verifyFromPrior(jwt, resolvePersona),
    { kind: 'ok', fromPrior: { iss, sub, iatSeconds, expSeconds, nbfSeconds } },
    'valid',
  );
  const refused = (reason: string | undefined) => ({ kind: 'refused', reason });
  for (const broken of [fromPrior.invalidSignature, fromPrior.notAJwt])
    same(await verifyFromPrior(broken, resolvePersona), refused('fp-kid'), broken);
  const reasons = ['fp-kid', 'fp-kid', 'fp-sub', 'fp-sub', 'fp-kid'];
  for (const [i, { why, payload: invalid }] of fromPrior.invalidPayloads.entries())
    same(await verifyFromPrior(await resigned(invalid), resolvePersona), refused(reasons[i]), why);
  return 3 + fromPrior.invalidPayloads.length;
}

export const gateChecks: readonly VectorCheck[] = [
  { name: 'tampered envelopes', count: 29, run: tampered },
  { name: 'valid plaintexts', count: 9, run: validPlaintexts },
  { name: 'invalid plaintexts', count: 17, run: invalidPlaintexts },
  { name: 'end of a relationship, and what didcomm-node refuses', count: 6, run: beyondReference },
  { name: 'from_prior', count: 8, run: fromPriors },
];
