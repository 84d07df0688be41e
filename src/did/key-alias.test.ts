import { describe, expect, it } from 'vitest';
import { documentOf, ed25519, peer2With, peer4Around, x25519 } from '../testing/peer-did.ts';
import { findKey, findOwnKey } from './key-alias.ts';

const did = peer2With();
const { keyAgreement, authentication } = await documentOf(did);
const all = [...keyAgreement, ...authentication];
const bare = x25519(1).slice(1);

describe('findKey', () => {
  it.each([
    ['numbered', 'key-1'],
    ['multibase without z', bare],
    ['its first 8 characters', bare.slice(0, 8)],
    ['multibase', `z${bare}`],
  ])('knows a key by its %s, absolute and relative', async (_form, fragment) => {
    expect(findKey(all, `${did}#${fragment}`)).toBe(keyAgreement[0]);
    expect(findKey(all, `#${fragment}`)).toBe(keyAgreement[0]);
  });

  it.each([
    ['another number', `${did}#key-3`],
    ['7 characters', `${did}#${bare.slice(0, 7)}`],
    ['9 characters', `${did}#${bare.slice(0, 9)}`],
    ['another case', `${did}#KEY-1`],
    ['no fragment', did],
    ['an empty fragment', `${did}#`],
    ['a second fragment', `${did}#key-1#key-1`],
    ['another DID', `did:example:mallory#key-1`],
    ['a DID that only starts the same', `${did.slice(0, -1)}#key-1`],
    ['a path', `${did}/x#key-1`],
    ['nothing', ''],
    ['a did:key', `did:key:${x25519(1)}#${x25519(1)}`],
  ])('finds nothing by %s', async (_name, kid) => expect(findKey(all, kid)).toBeUndefined());

  it('looks only among the keys given', async () => {
    expect(findKey(keyAgreement, `${did}#key-2`)).toBeUndefined();
    expect(findKey(authentication, `${did}#key-2`)).toBe(authentication[0]);
    expect(findKey([], `${did}#key-1`)).toBeUndefined();
  });

  it('names none when two keys fit', async () => {
    const twice = (await documentOf(`did:peer:2.E${x25519(1)}.E${x25519(1)}`)).keyAgreement;
    expect(findKey(twice, `#${bare}`)).toBeUndefined();
    expect(findKey(twice, '#key-2')).toBe(twice[1]);

    // A document may print an id that is the older name of its other key.
    const method = (id: string, key: string) => ({ id, type: 'Multikey', publicKeyMultibase: key });
    const confusing = peer4Around({
      keyAgreement: [method('#a', x25519(1)), method(`#${bare}`, x25519(9))],
    });
    const keys = (await documentOf(confusing)).keyAgreement;
    expect(findKey(keys, `${confusing}#${bare}`)).toBeUndefined();
    expect(findKey(keys, `${confusing}#a`)).toBe(keys[0]);
  });

  it('knows the keys of did:key by value', async () => {
    const didKey = `did:key:${ed25519(2)}`;
    const keys = (await documentOf(didKey)).authentication;
    expect(findKey(keys, `${didKey}#${ed25519(2)}`)).toBe(keys[0]);
  });
});

describe('findOwnKey', () => {
  it('also takes the key as a did:key, with its fragment or without', async () => {
    const didKey = `did:key:${x25519(1)}`;
    expect(findOwnKey(all, didKey)).toBe(keyAgreement[0]);
    expect(findOwnKey(all, `${didKey}#${x25519(1)}`)).toBe(keyAgreement[0]);
    expect(findOwnKey(all, `${did}#key-1`)).toBe(keyAgreement[0]);
    expect(findOwnKey(all, `${didKey}#key-1`)).toBeUndefined();
    expect(findOwnKey(all, `did:key:${x25519(3)}`)).toBeUndefined();
  });
});
