import type { Did } from '../../src/did/did.ts';

// What a bench says to the process that makes the load, and hears from it.

export type LoadOrder =
  /** Makes this many distinct forwards. */
  | {
      readonly kind: 'prepare';
      readonly routingDid: Did;
      readonly recipients: readonly Did[];
      readonly count: number;
    }
  /** Sends them over connections that stay open, each with one request on its way. */
  | {
      readonly kind: 'run';
      readonly port: number;
      readonly connections: number;
      readonly seconds: number;
    };

export type LoadReport =
  | { readonly kind: 'prepared'; readonly bytes: number }
  | {
      readonly kind: 'ran';
      /** Answers by status; 0 is a connection that broke. */
      readonly answers: Readonly<Record<number, number>>;
      readonly seconds: number;
      /** Of those answered by 202, milliseconds. */
      readonly p50: number;
      readonly p99: number;
    };
