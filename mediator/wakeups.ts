/**
 * Tells other nodes of one database that mail came in for an account they have a socket of. Lossy by design: a
 * lost word costs time, never mail, because every node looks for itself now and then.
 */
export interface Wakeups {
  /** How the other nodes reach this one; empty: not at all. */
  readonly address: string;
  /** Whom to tell what the other nodes say. */
  hear(onWake: (account: bigint) => void): void;
  publish(address: string, account: bigint): void;
  close(): Promise<void>;
}

/** Of a node that only ever looks for itself. */
export const noWakeups: Wakeups = {
  address: '',
  hear: () => undefined,
  publish: () => undefined,
  close: async () => undefined,
};
