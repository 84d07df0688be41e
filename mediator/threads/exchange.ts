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

/** An error as it travels: its codes would be lost on the way. */
interface Fault {
  readonly name: string;
  readonly message: string;
  /** The program's or the system's word, and SQLite's number. */
  readonly codes: { readonly code?: string; readonly errcode?: number };
  readonly stack: string;
}

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return faultOf(new Error('what was thrown is no error'));
  const { name, message, stack = '' } = error;
  const codes = {
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...('errcode' in error && typeof error.errcode === 'number' ? { errcode: error.errcode } : {}),
  };
  return { name, message, codes, stack };
}

export function errorOf({ name, message, codes, stack }: Fault): Error {
  const error =
    name === 'StoreError'
      ? new StoreError(codes.code as StoreError['code'], message)
      : Object.assign(new Error(message), { name }, codes);
  return Object.assign(error, { stack });
}
