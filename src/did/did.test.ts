import { describe, expect, it } from 'vitest';
import { didOf, isDid } from './did.ts';

describe('DID syntax', () => {
  it.each(['did:peer:2.Ez6LS_-=', 'did:web:a.example%3A8080:x', 'did:example:alice'])(
    'takes %s',
    (text) => expect(isDid(text)).toBe(true),
  );

  it.each([
    '',
    'did:',
    'did:peer:',
    'did:Peer:2',
    'DID:peer:2',
    'did:peer:2#key-1',
    'did:peer:2/a',
    'did:peer:2 ',
    'did:peer:2\n',
    ' did:peer:2',
    'did:peer:ü',
    `did:peer:${'2'.repeat(4096)}`,
    undefined,
    7,
    ['did:example:alice'],
  ])('refuses %j', (text) => expect(isDid(text)).toBe(false));

  it('cuts a DID URL to its DID', () => {
    expect(didOf('did:example:alice#key-1')).toBe('did:example:alice');
    expect(didOf('did:example:alice/path?query#key-1')).toBe('did:example:alice');
    expect(didOf('did:example:alice')).toBe('did:example:alice');
    expect(didOf('#key-1')).toBeUndefined();
    expect(didOf('did:example: alice#key-1')).toBeUndefined();
  });
});
