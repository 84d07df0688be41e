/** Why a store cannot be used, or not now; the operator reads it. */
export class StoreError extends Error {
  readonly code: 'store/in-use' | 'store/not-durable' | 'store/newer-version' | 'store/unavailable';
  constructor(code: StoreError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
