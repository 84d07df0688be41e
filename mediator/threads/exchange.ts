import type { Bytes } from '../../src/lib/bytes.ts';
import type { Endpoints } from '../identity.ts';
import type { Read } from '../read.ts';

// What the main thread and a reader say to each other; batches, because each message costs as much as its content.

/** Who the mediator is, told to a reader when it starts. */
export interface ReaderSetup {
  /** As they are kept. */
  readonly keys: string;
  readonly endpoints: Endpoints;
}

export interface Order {
  readonly n: number;
  readonly packed: Bytes;
}

export interface Result {
  readonly n: number;
  /** Absent when opening failed by a bug. */
  readonly read?: Read;
  readonly fault?: unknown;
}
