import type { ResolveDid, KeyId } from '../did/did.ts';
import { isDid } from '../did/did.ts';
import { normaliseDocument } from '../did/document.ts';
import type { OwnKey, Secrets } from '../didcomm/engine.ts';
import documents from './vectors/didcomm-diddocs.json' with { type: 'json' };
import secrets from './vectors/didcomm-secrets.json' with { type: 'json' };

// Alice, Bob, Charlie and the mediators of messaging spec, appendices A and B: public test keys.

export type Persona = 'alice' | 'bob' | 'charlie' | 'mediator1' | 'mediator2' | 'mediator3';

export const personas: readonly Persona[] = [
  'alice',
  'bob',
  'charlie',
  'mediator1',
  'mediator2',
  'mediator3',
];

/** Resolves `did:example:<persona>` from the appendix. */
export const resolvePersona: ResolveDid = async (did) => {
  const persona = personas.find((name) => did === `did:example:${name}`);
  if (persona === undefined || !isDid(did)) return { kind: 'unsupported' };
  const document = normaliseDocument(documents[persona], did, []);
  return document ? { kind: 'ok', document } : { kind: 'malformed' };
};

interface SecretJwk {
  readonly kid: string;
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y?: string;
  readonly d: string;
}

export const secretJwks = (persona: Persona): readonly SecretJwk[] => secrets[persona];

/** Keys for agreement are named after their curve in the appendix, `#key-p256-1`; the others sign. */
const agrees = ({ kid }: { readonly kid: string }) => /#key-(x25519|p\d+)-\d$/.test(kid);

async function importSecret(jwk: SecretJwk): Promise<CryptoKey> {
  const { kid: _, ...key } = jwk;
  const usages: KeyUsage[] = agrees(jwk) ? ['deriveBits'] : ['sign'];
  const name = agrees(jwk) ? 'ECDH' : 'ECDSA';
  const algorithm = key.kty === 'OKP' ? { name: key.crv } : { name, namedCurve: key.crv };
  return crypto.subtle.importKey('jwk', key, algorithm, false, usages);
}

/** The private keys of a persona on the curves of Web Crypto: all but secp256k1. */
export async function ownKeys(persona: Persona): Promise<readonly (OwnKey & { crv: string })[]> {
  const usable = secretJwks(persona).filter(({ crv }) => crv !== 'secp256k1');
  return Promise.all(
    usable.map(async (jwk) => ({
      kid: jwk.kid as KeyId,
      crv: jwk.crv,
      privateKey: await importSecret(jwk),
    })),
  );
}

/** Secrets that hold the agreement keys of these personas. */
export async function secretsOf(...who: readonly Persona[]): Promise<Secrets> {
  const keys = (await Promise.all(who.map(ownKeys))).flat().filter(agrees);
  return {
    agreementKey: async (kid) => keys.find((key) => key.kid === kid)?.privateKey,
  };
}
