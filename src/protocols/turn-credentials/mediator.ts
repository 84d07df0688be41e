import type { Did } from '../../did/did.ts';
import { on, type Route } from '../../didcomm/router.ts';
import { draftReport, notEnrolled } from '../report-problem/messages.ts';
import { TurnCredentials, TurnRequest } from './messages.ts';

export interface LentRelay {
  /** `turn:` and `turns:` URLs. */
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
  readonly expiresSeconds: number;
}

/** The relay of a mediator. `undefined` means that the sender has no account, `none` that there is no relay. */
export interface Relays {
  lend(account: Did): Promise<LentRelay | 'none' | undefined>;
}

export interface TurnPorts {
  readonly relays: Relays;
}

interface SenderFacts {
  readonly sender: Did;
}

const NO_RELAY = {
  code: 'e.p.me.res.relay',
  comment: 'This mediator has no relay for calls.',
} as const;

export const serveTurn: readonly Route<SenderFacts, TurnPorts>[] = [
  on(TurnRequest, async ({ id }, { sender }: SenderFacts, { relays }: TurnPorts) => {
    const lent = await relays.lend(sender);
    if (lent === undefined) return [draftReport(notEnrolled(sender), id)];
    if (lent === 'none') return [draftReport(NO_RELAY, id)];
    const { urls, username, credential, expiresSeconds } = lent;
    const body = { ice_servers: [{ urls, username, credential }], expires_time: expiresSeconds };
    return [{ type: TurnCredentials.type, body, thread: 'same' }];
  }),
];
