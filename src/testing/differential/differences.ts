import type { GateReason } from '../../didcomm/gate-reason.ts';
import { set, type Edit, type Json } from '../forge.ts';
import type { AgreementName } from './key-ring.ts';

/** Where Parley and didcomm-node 0.4.1 read an envelope differently, and why Parley does as it does. */
export interface Difference {
  readonly name: string;
  readonly why: string;
  /** Made of an honest plaintext; a text is packed as it is. */
  readonly change?: Edit;
  /** Packed as authcrypt unless told otherwise. */
  readonly form?: 'sign';
  /** Made of the packed envelope. */
  readonly envelope?: (packed: Json) => Json;
  /** X25519 unless told otherwise. */
  readonly curve?: AgreementName;
  readonly ours: 'ok' | GateReason;
  /** Altered: it opens as something else than what was sent. */
  readonly theirs: 'ok' | 'altered' | 'refused';
}

const STRANGER = 'did:example:mallory';
const insert = (member: string): Edit => {
  return (plaintext) => `{${member},${JSON.stringify(plaintext).slice(1)}`;
};
const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const attachment = (data: object): Edit => set({ attachments: [{ id: 'a', data }] });
const jws = { header: { kid: `${STRANGER}#key-1` }, protected: 'e30', signature: 'AA' };

export const differences: readonly Difference[] = [
  {
    name: 'a sender that is not the key',
    why: 'messaging spec, "Message Layer Addressing Consistency": `from` must match the skid (R2)',
    change: set({ from: STRANGER }),
    ours: 'from-skid',
    theirs: 'ok',
  },
  {
    name: 'authcrypt without from',
    why: '`from` is required when authenticated (R3)',
    change: set({ from: undefined }),
    ours: 'no-from',
    theirs: 'ok',
  },
  {
    name: 'a message to somebody else',
    why: '"Message Layer Addressing Consistency": the kid of the recipient must be in `to` (R5)',
    change: set({ to: [STRANGER] }),
    ours: 'to',
    theirs: 'ok',
  },
  {
    name: 'a signer that is not the sender',
    why: 'the signature must be of the DID in `from` (R6)',
    form: 'sign',
    change: set({ from: STRANGER }),
    ours: 'signer',
    theirs: 'ok',
  },
  {
    name: 'an id of 257 characters',
    why: 'rule R21: ids are kept, compared and echoed',
    change: set({ id: 'a'.repeat(257) }),
    ours: 'id',
    theirs: 'ok',
  },
  {
    name: 'an id with characters that ids may not have',
    why: 'ids consist of unreserved URI characters (R21)',
    change: set({ id: '<b>' }),
    ours: 'id',
    theirs: 'ok',
  },
  {
    name: '21 attachments',
    why: 'cap of what a stranger may make us keep',
    change: set({ attachments: Array.from({ length: 21 }, () => ({ data: { json: 1 } })) }),
    ours: 'attachments',
    theirs: 'ok',
  },
  {
    name: 'JSON of 100 levels',
    why: 'cap of what is parsed for a stranger: 64 levels',
    change: set({ body: { deep: deep(100) } }),
    ours: 'too-deep',
    theirs: 'ok',
  },
  {
    name: 'a body that is no object',
    why: '"The body is a JSON object"',
    change: set({ body: ['x'] }),
    ours: 'malformed',
    theirs: 'ok',
  },
  {
    name: 'no body',
    why: 'the body is optional since DIDComm v2.1 (R26)',
    change: set({ body: undefined }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'typ without application/',
    why: 'the prefix may be left out ("IANA Media Types", R32)',
    change: set({ typ: 'didcomm-plain+json' }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'no typ',
    why: '`typ` may be left out of a plaintext; the library reads such a message, and then says it had one',
    change: set({ typ: undefined }),
    ours: 'ok',
    theirs: 'altered',
  },
  {
    name: 'a time as text',
    why: 'peers write so (rule I45)',
    change: set({ created_time: '1700000000' }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'a time as float',
    why: 'peers write so (rule I45)',
    change: set({ created_time: 1_700_000_000.5 }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'a time in ISO 8601',
    why: 'peers write so (rule I45)',
    change: set({ expires_time: '2100-01-01T00:00:00Z' }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'a signed attachment',
    why: '`jws` is a member of `data` ("Attachments"), and an object in JSON serialisation',
    change: attachment({ base64: 'AAEC', jws }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'the hash of an attachment with its bytes inline',
    why: 'members of `data` may stand together; the library drops those beside the first',
    change: attachment({ base64: 'AAEC', hash: 'zQm' }),
    ours: 'ok',
    theirs: 'altered',
  },
  {
    name: 'a last change of an attachment as text',
    why: 'a mediator writes so (rule I24)',
    change: set({
      attachments: [{ lastmod_time: '2026-08-04T10:00:00.000Z', data: { json: 1 } }],
    }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'a flattened JWS',
    why: '"Implementations MUST be able to process both": general and flattened',
    form: 'sign',
    envelope: ({ payload, signatures }) => ({ payload, ...(signatures as Json[])[0] }),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'P-384',
    why: '"Curves and Content Encryption Algorithms": MUST be supported',
    curve: 'P-384',
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'P-521',
    why: 'optional in the specification, used by its appendix C.3',
    curve: 'P-521',
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'a text with half a surrogate pair',
    why: 'JSON can write it, JavaScript can hold it, Rust cannot',
    change: insert('"x":"\\ud800"'),
    ours: 'ok',
    theirs: 'refused',
  },
  {
    name: 'a number of 16 digits with a fraction',
    why: 'JavaScript reads the nearest double, the JSON reader of the library one beside it',
    change: set({ body: { number: -94_940_477_702.40625 } }),
    ours: 'ok',
    theirs: 'altered',
  },
  {
    name: 'a member twice',
    why: 'of several the last counts (RFC 8259 section 4 leaves it open); the library refuses those it knows',
    change: insert('"id":"0"'),
    ours: 'ok',
    theirs: 'refused',
  },
];
