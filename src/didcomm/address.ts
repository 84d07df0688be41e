import { newMessageId } from '../lib/ids.ts';
import type { Did } from '../did/did.ts';
import { PLAIN_TYP, type Message } from './plaintext.ts';
import type { Draft } from './router.ts';

export interface Addressing {
  /** Absent for a report signed to somebody unknown. */
  readonly to?: Did;
  /** Absent in the message that ends a relationship (rule R20). */
  readonly from?: Did;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** The message answered; absent for the first message of a thread. */
  readonly inReplyTo?: Pick<Message, 'id' | 'thid'>;
  readonly id?: string;
  readonly pthid?: string;
  readonly fromPrior?: string;
}

/** A plaintext ready to be sealed: the JSON object of messaging spec, "Message Headers". */
export interface OutgoingPlaintext {
  readonly id: string;
  readonly type: string;
  readonly [header: string]: unknown;
}

/** Gives a draft its id, thread, addresses and time: the only place that does (style.md section 8). */
export function addressDraft(draft: Draft, addressing: Addressing): OutgoingPlaintext {
  const { inReplyTo } = addressing;
  const thread = inReplyTo && (inReplyTo.thid ?? inReplyTo.id);
  const parent = draft.thread === 'child' ? thread : addressing.pthid;
  return {
    id: addressing.id ?? newMessageId(),
    type: draft.type,
    typ: PLAIN_TYP,
    ...(addressing.from === undefined ? {} : { from: addressing.from }),
    ...(addressing.to === undefined ? {} : { to: [addressing.to] }),
    ...(draft.thread === 'same' && thread !== undefined ? { thid: thread } : {}),
    ...(parent === undefined ? {} : { pthid: parent }),
    created_time: Math.floor(addressing.nowMs / 1000),
    ...(addressing.fromPrior === undefined ? {} : { from_prior: addressing.fromPrior }),
    ...draft.headers,
    body: draft.body,
    ...(draft.attachments ? { attachments: draft.attachments } : {}),
  };
}
