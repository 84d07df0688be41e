import type { Did } from '../../did/did.ts';
import { on, type Draft, type Route } from '../../didcomm/router.ts';
import { draftReport, notEnrolled } from '../report-problem/messages.ts';
import { Put, Remove, Removed, Stored } from './messages.ts';

export interface LinkToKeep {
  /** base64url, as it stands in the message: checked. */
  readonly id: string;
  readonly content: string;
  readonly expiresSeconds: number;
}

/** The links of a mediator's accounts. `undefined` means that the sender has no account. */
export interface BlindLinks {
  /**
   * @returns until when it is kept, in seconds; `full` when the account has its number of links, `taken`
   * when the id belongs to another account, `past` when its time is over already
   */
  put(account: Did, link: LinkToKeep): Promise<number | 'full' | 'taken' | 'past' | undefined>;
  remove(account: Did, id: string): Promise<'done' | undefined>;
}

export interface BlindLinkPorts {
  readonly links: BlindLinks;
}

interface SenderFacts {
  readonly sender: Did;
}

const REFUSED = {
  full: { code: 'e.p.me.res.storage', comment: 'This account keeps as many links as it may.' },
  taken: { code: 'e.p.req.taken', comment: 'This id is not free.' },
  past: { code: 'e.p.req.time', comment: 'The expires_time of this link is past.' },
} as const;

export const serveBlindLinks: readonly Route<SenderFacts, BlindLinkPorts>[] = [
  on(Put, async ({ id: requestId, body }, { sender }: SenderFacts, ports: BlindLinkPorts) => {
    const { id, content, expires_time } = body;
    const kept = await ports.links.put(sender, { id, content, expiresSeconds: expires_time });
    if (kept === undefined) return [draftReport(notEnrolled(sender), requestId)];
    return typeof kept === 'number'
      ? [reply(Stored.type, { id, expires_time: kept })]
      : [draftReport(REFUSED[kept], requestId)];
  }),
  on(Remove, async ({ id: requestId, body }, { sender }: SenderFacts, ports: BlindLinkPorts) =>
    (await ports.links.remove(sender, body.id)) === 'done'
      ? [reply(Removed.type, { id: body.id })]
      : [draftReport(notEnrolled(sender), requestId)],
  ),
];

const reply = (type: string, body: Draft['body']): Draft => ({ type, body, thread: 'same' });
