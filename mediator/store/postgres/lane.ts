interface Waiting<J, R> {
  readonly job: J;
  readonly weight: number;
  readonly resolve: (result: R) => void;
  readonly reject: (cause: unknown) => void;
}

interface LaneOptions<J, R> {
  /** Takes them in the order they were asked for, and answers in that order. */
  readonly run: (jobs: readonly J[]) => Promise<readonly R[]>;
  /** Most jobs of a batch, and most weight of those after its first. */
  readonly most: number;
  readonly mostWeight?: number;
  readonly weigh?: (job: J) => number;
}

/**
 * One batch at a time: what is asked for while one is under way becomes the next, so that one commit pays for
 * many and the batch grows with the load.
 */
export class Lane<J, R> {
  readonly #options: LaneOptions<J, R>;
  readonly #waiting: Waiting<J, R>[] = [];
  #running: Promise<void> | undefined;

  constructor(options: LaneOptions<J, R>) {
    this.#options = options;
  }

  ask(job: J): Promise<R> {
    return new Promise((resolve, reject) => {
      const weight = this.#options.weigh?.(job) ?? 0;
      this.#waiting.push({ job, weight, resolve, reject });
      this.#running ??= this.#work();
    });
  }

  /** Jobs that no batch has taken yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #work(): Promise<void> {
    // What is asked for in the same turn of the event loop shares the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#size());
      try {
        const results = await this.#options.run(batch.map(({ job }) => job));
        batch.forEach(({ resolve, reject }, index) => {
          if (index < results.length) resolve(results[index] as R);
          else reject(new Error('a batch came back with answers missing'));
        });
      } catch (cause) {
        for (const { reject } of batch) reject(cause);
      }
    }
    this.#running = undefined;
  }

  #size(): number {
    const { most, mostWeight = Infinity } = this.#options;
    let weight = 0;
    const end = this.#waiting.findIndex((one, index) => {
      weight += one.weight;
      return index === most || (index > 0 && weight > mostWeight);
    });
    return end === -1 ? this.#waiting.length : end;
  }
}
