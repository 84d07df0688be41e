import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { x25519 } from '@noble/curves/ed25519.js';
import { fromAnyBase64 } from '../src/lib/base64url.ts';
import type { Peer } from '../src/testing/peer.ts';

// @veramo/did-comm, driven with its own agent and resolver plugin; only what holds keys is written here. It is
// no dependency of Parley: the packages are taken from a folder where they were installed.

interface Agent {
  execute(method: 'unpackDIDCommMessage', args: { message: string }): Promise<unknown>;
}
interface Packages {
  readonly createAgent: (options: object) => Agent;
  readonly DIDComm: new () => object;
  readonly DIDResolverPlugin: new (options: object) => object;
}

const hex = (text: string | undefined): string =>
  Buffer.from(fromAnyBase64(text ?? '') ?? []).toString('hex');

/**
 * @param folder where @veramo/core, @veramo/did-comm and @veramo/did-resolver are installed
 * @returns a function that rejects when the library refuses
 */
export async function veramo(
  folder: string,
  peers: readonly Peer[],
  mine: readonly Peer[],
): Promise<(packed: string) => Promise<unknown>> {
  const { createAgent, DIDComm, DIDResolverPlugin } = await packagesIn(folder);
  const documents = new Map<string, object>(peers.map((peer) => [peer.did, documentOf(peer)]));
  const didOf = (didUrl: string): string => didUrl.split(/[#?/]/)[0] ?? '';
  const resolver = {
    resolve: async (didUrl: string) => {
      const didDocument = documents.get(didOf(didUrl)) ?? null;
      const error = didDocument ? {} : { error: 'notFound' };
      return { didDocument, didResolutionMetadata: error, didDocumentMetadata: {} };
    },
  };
  const keys = {
    methods: {
      didManagerGet: async ({ did }: { did: string }) => {
        const peer = mine.find((one) => one.did === did);
        if (!peer) throw new Error('not managed here');
        const { x } = peer.agreement.jwk;
        const key = { kid: did, type: 'X25519', publicKeyHex: hex(x), kms: 'local' };
        return { did, keys: [key], services: [], provider: 'none' };
      },
      keyManagerSharedSecret: async (args: {
        secretKeyRef: string;
        publicKey: { publicKeyHex: string };
      }) => {
        const peer = mine.find((one) => one.did === args.secretKeyRef);
        const secret = fromAnyBase64(peer?.agreement.jwk.d ?? '');
        if (!secret) throw new Error('no such key');
        const theirs = Uint8Array.from(Buffer.from(args.publicKey.publicKeyHex, 'hex'));
        return Buffer.from(x25519.getSharedSecret(secret, theirs)).toString('hex');
      },
    },
  };
  const agent = createAgent({
    plugins: [new DIDComm(), new DIDResolverPlugin({ resolver }), keys],
  });
  return (packed) => agent.execute('unpackDIDCommMessage', { message: packed });
}

async function packagesIn(folder: string): Promise<Packages> {
  const require = createRequire(path.join(path.resolve(folder), 'package.json'));
  const load = async (name: string): Promise<Packages> =>
    import(pathToFileURL(entryOf(require, name)).href) as Promise<Packages>;
  const [core, didComm, resolver] = await Promise.all(
    ['@veramo/core', '@veramo/did-comm', '@veramo/did-resolver'].map(load),
  );
  return { ...core, ...didComm, ...resolver } as Packages;
}

/** These packages have an `import` entry only, which `require.resolve` does not look at. */
function entryOf(require: NodeJS.Require, name: string): string {
  const folders = require.resolve.paths(name) ?? [];
  return path.join(folders[0] ?? '', name, 'build', 'index.js');
}

const documentOf = ({ did, agreement, signing }: Peer): object => ({
  id: did,
  keyAgreement: [agreement.kid],
  authentication: [signing.kid],
  verificationMethod: [agreement, signing].map(({ kid, jwk }) => ({
    id: kid,
    type: 'JsonWebKey2020',
    controller: did,
    publicKeyJwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
  })),
  service: [],
});
