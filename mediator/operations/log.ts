import { didHash } from '../did-hash.ts';
import { StoreError } from '../store/errors.ts';

/** What an operator may read of an event: numbers, words of ours, and short hashes of DIDs. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  event(name: string, fields?: LogFields): void;
  /** A broken device or a bug. */
  fault(fault: unknown): void;
}

/** Nobody reads it: for tests and for parts used on their own. */
export const noLog: Log = { event: () => undefined, fault: () => undefined };

export type LogFormat = 'json' | 'text';

/** Enough to follow one account through a log, too little to find it elsewhere. */
export const shortHash = (did: string): string =>
  Buffer.from(didHash(did)).toString('hex').slice(0, 8);

/** Lines of a second; a flood of refusals must not become a flood of the disk. */
const LINES_PER_SECOND = 100;

/** One line an event. */
export function createLog(
  format: LogFormat,
  write: (line: string) => void = (line) => void process.stderr.write(line),
  now: () => number = Date.now,
): Log {
  let second = 0;
  let lines = 0;
  let leftOut = 0;

  const line = (name: string, fields: LogFields): void => {
    const time = new Date(now()).toISOString();
    const told = Object.entries(fields).filter(([, value]) => value !== undefined);
    if (format === 'json')
      write(`${JSON.stringify({ time, event: name, ...Object.fromEntries(told) })}\n`);
    else
      write(
        `${[time, name, ...told.map(([key, value]) => `${key}=${String(value)}`)].join(' ')}\n`,
      );
  };
  const event = (name: string, fields: LogFields = {}): void => {
    const current = Math.floor(now() / 1000);
    if (current !== second) {
      if (leftOut > 0) line('left-out', { lines: leftOut });
      [second, lines, leftOut] = [current, 0, 0];
    }
    lines += 1;
    if (lines > LINES_PER_SECOND) leftOut += 1;
    else line(name, fields);
  };
  return { event, fault: (fault) => event('fault', faultFields(fault)) };
}

/** A code, one line, and where in the program: a parser's message may quote what it read, so it is left out. */
function faultFields(fault: unknown): LogFields {
  if (!(fault instanceof Error)) return { code: 'unknown' };
  const message = fault instanceof SyntaxError ? undefined : fault.message.split('\n')[0];
  const where = fault.stack?.split('\n').filter((frame) => /^\s+at /.test(frame));
  return {
    code: codeOf(fault),
    message,
    // An unreachable database is no bug of the program.
    at: fault instanceof StoreError ? undefined : where?.map((frame) => frame.trim()).join(' | '),
  };
}

/** Of a fault: words of the program and the system only. */
export function codeOf(fault: unknown): string {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  if (typeof code === 'string') return code;
  return fault instanceof Error ? fault.name : 'unknown';
}
