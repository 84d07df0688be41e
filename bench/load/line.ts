import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';

/** A packed message as the bytes of a request. */
export const postOf = (packed: string): Buffer =>
  Buffer.from(
    `POST / HTTP/1.1\r\nHost: mediator\r\nContent-Type: application/didcomm-encrypted+json\r\n` +
      `Content-Length: ${packed.length}\r\n\r\n${packed}`,
  );

/** One connection to a port of this machine, one request at a time: takes less of it than any HTTP client. */
export class Line {
  readonly #socket: Socket;
  #answered: ((status: number) => void) | undefined;
  #got = '';

  constructor(port: number) {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => {
      this.#got += part;
      const head = this.#got.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#got)?.[1] ?? 0);
      if (this.#got.length < head + 4 + length) return;
      const status = Number(this.#got.slice(9, 12));
      this.#got = '';
      this.#settle(status);
    });
    socket.on('error', () => this.#settle(0));
    socket.on('close', () => this.#settle(0));
  }

  /** @returns the status of the answer, or 0 when the connection broke */
  ask(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.write(request);
    });
  }

  end(): void {
    this.#socket.destroy();
  }

  #settle(status: number): void {
    this.#answered?.(status);
    this.#answered = undefined;
  }
}
