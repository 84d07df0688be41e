import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import { fromUtf8, utf8, type Bytes } from '../lib/bytes.ts';
import { base64Url, peer2DocumentOf, ed25519, peer2With, x25519 } from '../testing/peer-did.ts';
import { createPeer2, type NewService } from './peer2-create.ts';
import { resolveDid } from './resolve.ts';

const keys = { agreement: new Uint8Array(32).fill(1), signing: new Uint8Array(32).fill(2) };
const create = (...services: NewService[]) => createPeer2({ ...keys, services });
const decodeElement = (did: string, index: number) =>
  fromUtf8(fromBase64Url(did.split('.')[index]!.slice(1))!);

describe('createPeer2', () => {
  it('writes E, V, then one element per service, abbreviated and in fixed order', async () => {
    const did = create(
      { uri: 'did:peer:2.Ez6LS' },
      { uri: 'wss://a.example/ws', routingKeys: [], accept: ['didcomm/v2', 'x'] },
    );
    expect(did.startsWith(`did:peer:2.E${x25519(1)}.V${ed25519(2)}.S`)).toBe(true);
    expect(decodeElement(did, 3)).toBe(
      '{"t":"dm","s":{"uri":"did:peer:2.Ez6LS","a":["didcomm/v2"]}}',
    );
    expect(decodeElement(did, 4)).toBe(
      '{"t":"dm","s":{"uri":"wss://a.example/ws","r":[],"a":["didcomm/v2","x"]}}',
    );
    expect(did.split('.')).toHaveLength(5);
  });

  it('numbers the agreement key 1 and the signing key 2', async () => {
    const did = create({ uri: 'https://a.example' });
    const { keyAgreement, authentication } = peer2DocumentOf(did);
    expect(keyAgreement).toEqual([
      { kid: `${did}#key-1`, curve: 'X25519', publicBytes: keys.agreement, multibase: x25519(1) },
    ]);
    expect(authentication).toEqual([
      { kid: `${did}#key-2`, curve: 'Ed25519', publicBytes: keys.signing, multibase: ed25519(2) },
    ]);
  });

  it('escapes what base64url would turn into - or _', async () => {
    const uri = 'https://a.example/??>>~~\x7f/ü/😀/\ud800';
    const did = create({ uri });
    expect(did).toMatch(/^[A-Za-z0-9:.]+$/);
    expect(peer2DocumentOf(did).services[0]?.uri).toBe(uri);
  });

  it('throws rather than make a DID that no resolver of ours takes', async () => {
    const uri = 'https://a.example';
    expect(() => create({ uri }, { uri }, { uri }, { uri })).toThrow(RangeError);
    expect(() => create({ uri: 'x'.repeat(2048) })).toThrow(RangeError);
    expect(() => create({ uri: 'x'.repeat(1900) }, { uri: 'x'.repeat(1900) })).toThrow(RangeError);
    expect(() => createPeer2({ ...keys, agreement: new Uint8Array(31), services: [] })).toThrow(
      RangeError,
    );
  });

  it('round-trips any services (property)', async () => {
    const bytes = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((array): Bytes => new Uint8Array(array));
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const service = fc.record(
      {
        uri: text,
        accept: fc.array(text, { minLength: 1, maxLength: 3 }),
        routingKeys: fc.array(text, { maxLength: 3 }),
      },
      { requiredKeys: ['uri'] },
    );
    const input = fc.record({
      agreement: bytes,
      signing: bytes,
      services: fc.array(service, { maxLength: 1 }),
    });
    fc.assert(
      fc.property(input, ({ agreement, signing, services }) => {
        const did = createPeer2({ agreement, signing, services });
        expect(did).toMatch(/^[A-Za-z0-9:.]+$/);
        const document = peer2DocumentOf(did);
        expect(document.keyAgreement[0]?.publicBytes).toEqual(agreement);
        expect(document.authentication[0]?.publicBytes).toEqual(signing);
        expect(document.services).toEqual(
          services.map(({ uri, accept = ['didcomm/v2'], routingKeys = [] }) => ({
            uri,
            routingKeys,
            accept,
          })),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('resolving services of every flavour (rule I51)', () => {
  const accept = ['didcomm/v2'];
  const uri = 'https://a.example';
  const routingKeys = ['did:example:m#k'];
  const one = { uri, routingKeys, accept };
  const flavours: readonly (readonly [string, unknown, readonly unknown[]])[] = [
    ['object', { t: 'dm', s: { uri, r: routingKeys, a: accept } }, [one]],
    ['long names', { type: 'DIDCommMessaging', serviceEndpoint: one }, [one]],
    ['long names inside short ones', { t: 'dm', s: one }, [one]],
    ['text with siblings', { t: 'dm', s: uri, r: routingKeys, a: accept }, [one]],
    [
      'text, long names',
      { type: 'DIDCommMessaging', serviceEndpoint: uri, accept, routingKeys },
      [one],
    ],
    ['object with siblings', { t: 'dm', s: { uri }, r: routingKeys, a: accept }, [one]],
    [
      'array of objects and texts',
      { t: 'dm', s: [{ uri, a: accept }, 'wss://a.example'] },
      [
        { uri, routingKeys: [], accept },
        { uri: 'wss://a.example', routingKeys: [] },
      ],
    ],
    [
      'list of services',
      [
        { t: 'dm', s: { uri } },
        { t: 'dm', s: { uri: 'wss://a.example' } },
      ],
      [
        { uri, routingKeys: [] },
        { uri: 'wss://a.example', routingKeys: [] },
      ],
    ],
    ['empty uri', { t: 'dm', s: { uri: '' } }, [{ uri: '', routingKeys: [] }]],
    ['empty accept means none stated', { t: 'dm', s: { uri, a: [] } }, [{ uri, routingKeys: [] }]],
    ['null members', { t: 'dm', s: { uri, a: null, r: null } }, [{ uri, routingKeys: [] }]],
    ['a set of types', { t: ['x', 'DIDCommMessaging'], s: uri }, [{ uri, routingKeys: [] }]],
    ['foreign service, unread', { t: 'Authentication', s: 7 }, []],
    ['DIDComm v1', { t: 'did-communication', s: uri, recipientKeys: ['x'] }, []],
    ['no endpoint in the list', { t: 'dm', s: [] }, []],
    [
      'non-ASCII',
      { t: 'dm', s: 'https://ü.example/~?>' },
      [{ uri: 'https://ü.example/~?>', routingKeys: [] }],
    ],
  ];

  it.each(flavours)('%s', async (_name, service, expected) => {
    expect(peer2DocumentOf(peer2With(service)).services).toEqual(expected);
  });

  it('takes padded base64url', async () => {
    const padded = btoa('{"t":"dm","s":{"uri":"a"}}');
    expect(padded).toMatch(/=$/);
    expect(peer2DocumentOf(`${peer2With()}.S${padded}`).services).toHaveLength(1);
  });

  it('keeps the order over several elements and leaves out foreign ones', async () => {
    const did = peer2With({ t: 'dm', s: uri }, { t: 'Authentication', s: uri }, { t: 'dm', s: '' });
    expect(peer2DocumentOf(did).services.map((service) => service.uri)).toEqual([uri, '']);
  });

  const malformed: readonly (readonly [string, readonly unknown[]])[] = [
    ['four services', [1, 2, 3, 4].map(() => ({ t: 'dm', s: '' }))],
    ['four services in a list', [[1, 2, 3, 4].map(() => ({ t: 'dm', s: '' }))]],
    ['four services, foreign ones counted', [1, 2, 3, 4].map(() => ({ t: 'x' }))],
    ['over 2 KiB', [{ t: 'dm', s: 'x'.repeat(2048) }]],
    ['deep', [{ t: 'dm', s: '', x: [[[[[[[[[]]]]]]]]] }]],
    ['a number', [7]],
    ['a text', ['dm']],
    ['null', [null]],
    ['a list of texts', [['dm']]],
    ['no endpoint', [{ t: 'dm' }]],
    ['a number as endpoint', [{ t: 'dm', s: 7 }]],
    ['endpoint without uri', [{ t: 'dm', s: {} }]],
    ['endpoint in a list in a list', [{ t: 'dm', s: [[uri]] }]],
    ['accept of numbers', [{ t: 'dm', s: { uri, a: [1] } }]],
    ['routing keys as text', [{ t: 'dm', s: { uri, r: 'did:example:m' } }]],
  ];
  it.each(malformed)('refuses %s', async (_name, services) => {
    expect(await resolveDid(peer2With(...services))).toEqual({ kind: 'malformed' });
  });

  it('does not let a service reach Object.prototype', async () => {
    const element = toBase64Url(
      utf8('{"t":"dm","s":"","__proto__":{"a":["polluted"]},"constructor":{"r":["x"]}}'),
    );
    expect(peer2DocumentOf(`${peer2With()}.S${element}`).services).toEqual([
      { uri: '', routingKeys: [] },
    ]);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });
});

describe('resolving keys', () => {
  const p256 = 'zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169';
  const numbers = (list: readonly { kid: string }[]) => list.map(({ kid }) => kid.split('#')[1]);

  it('numbers over keys only, whatever their purpose and wherever services stand', async () => {
    const service = `S${base64Url({ t: 'dm', s: '' })}`;
    const did = [
      'did:peer:2',
      `A${ed25519(1)}`,
      service,
      `E${x25519(2)}`,
      `I${ed25519(3)}`,
      `V${ed25519(4)}`,
      service,
      `D${ed25519(5)}`,
      `V${p256}`,
      `E${p256}`,
    ].join('.');
    const { keyAgreement, authentication, services } = peer2DocumentOf(did);
    expect(numbers(keyAgreement)).toEqual(['key-2', 'key-7']);
    expect(numbers(authentication)).toEqual(['key-4', 'key-6']);
    expect(authentication[1]).toMatchObject({ curve: 'P-256', multibase: p256 });
    expect(services).toHaveLength(2);
  });

  const ok = `E${x25519(1)}`;
  const malformed: readonly (readonly [string, string])[] = [
    ['no elements', 'did:peer:2'],
    ['an empty element', 'did:peer:2.'],
    ['an empty element at the end', `did:peer:2.${ok}.`],
    ['services without keys', `did:peer:2.S${base64Url({ t: 'dm', s: '' })}`],
    ['text before the first element', `did:peer:2x.${ok}`],
    ['no dot before the first element', `did:peer:2${ok}`],
    ['an unknown purpose', `did:peer:2.${ok}.X${ed25519(1)}`],
    ['a purpose in lower case', `did:peer:2.e${x25519(1)}`],
    ['a purpose without key', `did:peer:2.${ok}.V`],
    ['Ed25519 for agreement', `did:peer:2.E${ed25519(1)}`],
    ['X25519 for authentication', `did:peer:2.V${x25519(1)}`],
    ['X25519 for assertion', `did:peer:2.${ok}.A${x25519(1)}`],
    ['X25519 for invocation', `did:peer:2.${ok}.I${x25519(1)}`],
    ['X25519 for delegation', `did:peer:2.${ok}.D${x25519(1)}`],
    ['a DID URL', `did:peer:2.${ok}#key-1`],
    ['17 keys', `did:peer:2${`.${ok}`.repeat(17)}`],
    ['over 4,096 characters', `did:peer:2.${ok}.S${'e'.repeat(4096)}`],
  ];
  it.each(malformed)('refuses %s', async (_name, did) => {
    expect(await resolveDid(did)).toEqual({ kind: 'malformed' });
  });

  it('takes 16 keys', async () => {
    expect(peer2DocumentOf(`did:peer:2${`.${ok}`.repeat(16)}`).keyAgreement).toHaveLength(16);
  });
});
