import { createHmac, randomBytes } from 'node:crypto';
import { toSeconds, type Clock } from '../src/lib/clock.ts';
import type { Relays } from '../src/protocols/turn-credentials/mediator.ts';
import type { InboxStore } from './store/types.ts';

/** A TURN server that shares a secret with the mediator (coturn: `use-auth-secret`). */
export interface TurnServer {
  /** `turn:` and `turns:` URLs, in the order in which they are handed out. */
  readonly urls: readonly string[];
  readonly secret: string;
}

/** Long enough to begin a call: an allocation that exists is not ended by its credential's end. */
const LENT_SECONDS = 600;

/**
 * Credentials that the TURN server can check without asking ("A REST API For Access To TURN Services",
 * draft-uberti-behave-turn-rest-00, section 2.2): the user name holds their end, and a random part in the
 * place of a name, so that the relay cannot tell which account calls.
 */
export const turnRelays = (
  { store, clock }: { readonly store: InboxStore; readonly clock: Clock },
  turn: TurnServer | undefined,
): Relays => ({
  lend: async (did) => {
    if ((await store.accountOf(did)) === undefined) return undefined;
    if (!turn) return 'none';
    const expiresSeconds = toSeconds(clock.now()) + LENT_SECONDS;
    const username = `${expiresSeconds}:${randomBytes(8).toString('hex')}`;
    const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
    return { urls: turn.urls, username, credential, expiresSeconds };
  },
});
