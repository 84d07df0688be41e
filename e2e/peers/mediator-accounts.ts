import type { WebSocket } from 'ws';
import type { Did } from '../../src/did/did.ts';
import type { Message } from '../../src/didcomm/plaintext.ts';
import type { Quirks } from './mediator-quirks.ts';
import { REPORT, type Face, type MediatorVoice, type Reply } from './mediator-voice.ts';

const CM = 'https://didcomm.org/coordinate-mediation';
export const PICKUP = 'https://didcomm.org/messagepickup/3.0';

export interface Mail {
  readonly id: string;
  readonly packed: string;
  readonly next: string;
  readonly thid: string;
}
export interface Account extends Face {
  readonly did: Did;
  readonly aliases: Set<string>;
  mail: Mail[];
  /** Kept after they are fetched: a twin is known by its hash. */
  readonly hashes: Set<string>;
  socket?: WebSocket;
}

type Answered = Reply | undefined | 'unknown' | Promise<Reply | undefined>;

/** The accounts of a mediator peer, and what it answers to their owners. */
export interface MediatorAccounts {
  readonly all: ReadonlyMap<string, Account>;
  answerTo(message: Message, sender: Did, socket: WebSocket | undefined): Answered;
}

export function mediatorAccounts(quirks: Quirks, voice: MediatorVoice): MediatorAccounts {
  const all = new Map<string, Account>();
  const cm = `${CM}/${quirks.mediation}`;
  const names =
    quirks.mediation === '2.0'
      ? { update: 'keylist-update', updated: 'keylist-update-response' }
      : { update: 'recipient-update', updated: 'recipient-update-response' };

  function answerTo(message: Message, sender: Did, socket: WebSocket | undefined): Answered {
    const { type, body } = message;
    const account = all.get(sender);
    if (type === `${cm}/mediate-request`) return grant(sender);
    if (type.startsWith('https://didcomm.org/discover-features/2.0/') && quirks.matches)
      return disclose(body, quirks.matches);
    const isUpdate = type === `${cm}/${names.update}`;
    if (!isUpdate && !type.startsWith(`${PICKUP}/`))
      return quirks.unknown === 'report' ? problem('e.p.msg.unsupported') : 'unknown';
    if (!account) return quirks.stranger === 'report' ? problem('e.p.req.not_enroll') : undefined;
    return isUpdate
      ? update(body, account)
      : pickup(type.slice(PICKUP.length + 1), body, account, socket);
  }

  async function grant(sender: Did): Promise<Reply> {
    if (all.has(sender) && quirks.deniesRepeats)
      return { type: `${cm}/mediate-deny`, body: quirks.denyBody === null ? null : {} };
    const me = quirks.rotates ? await voice.newMe() : voice.me;
    const account = all.get(sender) ?? {
      did: sender,
      aliases: new Set<string>(),
      mail: [],
      hashes: new Set<string>(),
      me,
      unproved: me !== voice.me,
    };
    all.set(sender, account);
    const routing = (quirks.ownRoutingDid ? await voice.newMe() : voice.me).did;
    return {
      type: `${cm}/mediate-grant`,
      body: { routing_did: quirks.grant === 'array' ? [routing] : routing },
    };
  }

  function update(body: Message['body'], { aliases }: Account): Reply {
    const updates = body['updates'] as { recipient_did: string; action: 'add' | 'remove' }[];
    const results = updates.map(({ recipient_did, action }) => {
      const had = aliases.has(recipient_did);
      if (action === 'add') aliases.add(recipient_did);
      else aliases.delete(recipient_did);
      const result = had === (action === 'add') ? 'no_change' : 'success';
      return { recipient_did, action, result };
    });
    return { type: `${cm}/${names.updated}`, body: { [quirks.updatedAs ?? 'updated']: results } };
  }

  function pickup(
    verb: string,
    body: Message['body'],
    account: Account,
    socket: WebSocket | undefined,
  ): Reply | undefined {
    const status = (): Reply => ({
      type: `${PICKUP}/status`,
      body: { message_count: account.mail.length, live_delivery: account.socket !== undefined },
    });
    switch (verb) {
      case 'delivery-request': {
        const limit = quirks.honoursLimit ? Number(body['limit']) : Infinity;
        const page = account.mail.slice(0, Math.min(limit, quirks.maxPage ?? Infinity));
        if (page.length === 0) return status();
        if (quirks.deletesOnDelivery) account.mail = account.mail.slice(page.length);
        const attachments = page.map((mail) => attachmentOf(quirks, mail));
        return { type: `${PICKUP}/delivery`, body: {}, attachments };
      }
      case 'messages-received': {
        const listed = body['message_id_list'] as string[];
        const ids = quirks.singleAck ? listed.slice(0, 1) : listed;
        account.mail = account.mail.filter(({ id }) => !ids.includes(id));
        return quirks.ackReply === 'status' ? status() : undefined;
      }
      case 'live-delivery-change':
        if (typeof quirks.live === 'object' || !socket)
          return problem(
            typeof quirks.live === 'object' ? quirks.live.refusal : 'e.m.live-mode-not-supported',
          );
        account.socket = socket;
        return status();
      default:
        return status();
    }
  }

  function disclose(body: Message['body'], matches: NonNullable<Quirks['matches']>): Reply {
    const known = [cm, PICKUP, 'https://didcomm.org/routing/2.0'];
    const queries = body['queries'] as { match: string }[];
    const found = known.filter((id) => queries.some(({ match }) => matches(match, id)));
    return {
      type: 'https://didcomm.org/discover-features/2.0/disclose',
      body: { disclosures: found.map((id) => ({ 'feature-type': 'protocol', id })) },
    };
  }

  return { all, answerTo };
}

export function attachmentOf({ attachment }: Quirks, { id, packed }: Mail): object {
  switch (attachment) {
    case 'base64':
      return { id, data: { base64: Buffer.from(packed).toString('base64url') } };
    case 'base64-padded':
      return {
        id,
        lastmod_time: new Date().toISOString(),
        data: { base64: Buffer.from(packed).toString('base64') },
      };
    case 'json':
      return { id, data: { json: JSON.parse(packed) as unknown } };
    case 'json-text':
      return { id, data: { json: packed } };
  }
}

const problem = (code: string): Reply => ({
  type: REPORT,
  body: { code, comment: code, args: [] },
  report: true,
});
