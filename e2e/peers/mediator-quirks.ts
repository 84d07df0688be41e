/** What mediators of other makes do otherwise than ours; each make is one of these. */
export interface Quirks {
  readonly mediation: '2.0' | '3.0';
  /** How `match` of a discover-features query is read; absent: discover-features is unknown. */
  readonly matches?: (pattern: string, id: string) => boolean;
  /** What is unknown or malformed: a report, plain text with this status, or nothing at all. */
  readonly unknown: 'report' | 'silence' | number;
  readonly grant: 'string' | 'array';
  /** A second `mediate-request`, of anybody it knows. */
  readonly deniesRepeats?: boolean;
  readonly denyBody?: null;
  readonly updatedAs?: 'updates';
  /** Verbs of somebody without a grant. */
  readonly stranger: 'report' | 'silence';
  /** Content types other than the exact one are refused. */
  readonly exactContentType?: boolean;
  /** Exchanges without a reply are held so long. */
  readonly holdMs?: number;
  /** Without `return_route` nothing is said. */
  readonly strictReturnRoute?: boolean;
  /** The status and content type of a reply over HTTP, and the body when there is none. */
  readonly reply?: { readonly status: number; readonly type: string; readonly none?: string };
  /** Replies lack `from` and `to`, and `thid`, or have their own id as `thid`. */
  readonly bare?: 'nameless' | 'own-thid' | 'no-thid';
  readonly idPrefix?: string;
  /** From its first reply on it speaks to each client from a DID of its own, which only that reply proves. */
  readonly rotates?: boolean;
  /** The routing DID is another one, without `wsUrl`. */
  readonly ownRoutingDid?: boolean;
  /** Most that one delivery holds, whatever was asked for; absent: everything. */
  readonly maxPage?: number;
  readonly honoursLimit: boolean;
  readonly attachment: 'base64' | 'base64-padded' | 'json' | 'json-text';
  readonly deletesOnDelivery?: boolean;
  /** An acknowledgement is answered by a status, or not at all. */
  readonly ackReply: 'status' | 'none';
  /** Of several ids in one acknowledgement only the first counts. */
  readonly singleAck?: boolean;
  /** An envelope seen before; and a new forward around a message that is kept already. */
  readonly dejavu?: boolean;
  readonly reportsInnerTwins?: boolean;
  readonly unknownNext: 'report' | 'silence';
  /** Where live mail goes; a string is the code of the report that there is none. */
  readonly live: 'account' | 'recipient' | 'bare' | { readonly refusal: string };
  readonly socketFrames?: 'text' | 'binary';
  /** No WebSocket in the DID. */
  readonly noSocket?: boolean;
}
