import type { Did } from '../../src/did/did.ts';

// What the bench says to the process of the attackers, and hears from it.

export interface AttackOrder {
  readonly kind: 'attack';
  readonly url: string;
  readonly routingDid: Did;
  readonly victim: Did;
  /** The ids of mail that waits for the victim: whoever sent it knows them. */
  readonly victimIds: readonly string[];
  /** A control message of the victim that the mediator has answered. */
  readonly captured: string;
}

export interface AttackReport {
  /** How often each attack was answered how. */
  readonly answers: Readonly<Record<string, number>>;
  /** The longest that a slow socket was left open, in seconds. */
  readonly slowestSeconds: number;
  /** Answers to captured messages that were sent again, a few of them. */
  readonly replays: readonly string[];
  /** Of acknowledgements and questions about the victim, against the same about nobody: all that was answered. */
  readonly aboutVictim: readonly string[];
  readonly aboutNobody: readonly string[];
}
