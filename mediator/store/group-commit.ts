import type { DatabaseSync } from 'node:sqlite';
import { noMetrics, type Metrics } from '../operations/metrics.ts';

/** Most writes in one transaction. */
const GROUP = 256;

interface Job {
  run(): void;
  settle(): void;
  fail(cause: unknown): void;
}

/**
 * Collects the writes of one turn of the event loop, at most 256, into one transaction and resolves them
 * all after its commit: one fsync pays for the whole group.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  #jobs: Job[] = [];
  #scheduled = false;
  readonly #metrics: Metrics;

  constructor(database: DatabaseSync, metrics: Metrics = noMetrics) {
    this.#database = database;
    this.#metrics = metrics;
    metrics.gauge('queue_depth', () => this.#jobs.length);
  }

  /** Runs `work` inside the next group. What it returns is the caller's only once it is on disk. */
  write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: { readonly value: T } | undefined;
      this.#jobs.push({
        run: () => {
          result = { value: work() };
        },
        settle: () => {
          if (result) resolve(result.value);
        },
        fail: reject,
      });
      if (this.#jobs.length >= GROUP) this.flush();
      else if (!this.#scheduled) {
        this.#scheduled = true;
        setImmediate(() => {
          this.#scheduled = false;
          this.flush();
        });
      }
    });
  }

  flush(): void {
    const jobs = this.#jobs;
    if (jobs.length === 0) return;
    this.#jobs = [];
    const before = performance.now();
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const job of jobs) job.run();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const job of jobs) job.fail(error);
      return;
    }
    this.#metrics.observe('commit_milliseconds', performance.now() - before);
    this.#metrics.observe('commit_size', jobs.length);
    for (const job of jobs) job.settle();
  }
}
