import { StoreError } from '../store/errors.ts';

// What the main thread and another one say to each other; batches, because each message costs as much as its content.

export interface Order<Q> {
  readonly n: number;
  readonly question: Q;
}

/** Without a fault the question was answered. */
export interface Result<A> {
  readonly n: number;
  readonly answer?: A;
  readonly fault?: Fault;
}

/** An error as it travels: of its own members only the code would be lost on the way. */
interface Fault {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
}

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: 'Error', message: 'not an error' };
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name, message, ...code, ...(stack === undefined ? {} : { stack }) };
}

export function errorOf({ name, message, code, stack }: Fault): Error {
  const error =
    name === 'StoreError'
      ? new StoreError(code as StoreError['code'], message)
      : Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
  return Object.assign(error, stack === undefined ? {} : { stack });
}
