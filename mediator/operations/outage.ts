import { StoreError } from '../store/errors.ts';
import { codeOf, type Log } from './log.ts';
import type { Readiness } from './readiness.ts';

/** How often it is looked whether the store is back. */
const LOOK_MS = 1_000;

/** Of SQLite: busy, no memory, read-only, input or output, corrupt, full, cannot open. Others are bugs. */
const BROKEN_DEVICE = new Set([5, 7, 8, 10, 11, 13, 14]);

export interface OutageWatch {
  /** Passes a fault on, unless it is one more of a store that is known to be out of use. */
  fault(fault: unknown): void;
  close(): void;
}

/**
 * A database that cannot be reached and a disk that is full fail every request: their operator is told once
 * when it begins, and once when it is over.
 */
export function watchOutage({
  ready,
  log,
  onFault,
}: {
  readonly ready: () => Promise<Readiness>;
  readonly log: Log;
  readonly onFault: (fault: unknown) => void;
}): OutageWatch {
  let began: number | undefined;
  let faults = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    if ((await ready()) !== 'ready' || began === undefined) return;
    const seconds = Math.round((Date.now() - began) / 1000);
    log.event('store-back', { seconds, faults });
    began = undefined;
    clearInterval(timer);
  };
  const begin = (fault: unknown): void => {
    began = Date.now();
    faults = 1;
    log.event('store-lost', { code: codeOf(fault) });
    timer = setInterval(() => void look(), LOOK_MS);
  };
  return {
    fault: (fault) => {
      if (isOutage(fault)) {
        faults += 1;
        if (began !== undefined) return;
        begin(fault);
      }
      onFault(fault);
    },
    close: () => clearInterval(timer),
  };
}

const isOutage = (fault: unknown): boolean =>
  fault instanceof StoreError ||
  (fault instanceof Error && 'errcode' in fault && BROKEN_DEVICE.has(Number(fault.errcode) & 0xff));
