import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';

/**
 * A packed message as the bytes of a request.
 * @param client the address that a proxy would have put before it
 */
export function postOf(packed: string, client?: string): Buffer {
  const forwarded = client === undefined ? '' : `X-Forwarded-For: ${client}\r\n`;
  return Buffer.from(
    `POST / HTTP/1.1\r\nHost: mediator\r\nContent-Type: application/didcomm-encrypted+json\r\n` +
      `${forwarded}Content-Length: ${Buffer.byteLength(packed)}\r\n\r\n${packed}`,
  );
}

export interface LineAnswer {
  /** 0: the connection broke. */
  readonly status: number;
  /** Head and body as they came. */
  readonly text: string;
}

const BROKEN: LineAnswer = { status: 0, text: '' };

/** One connection to a port of this machine, one request at a time: takes less of it than any HTTP client. */
export class Line {
  readonly #socket: Socket;
  #answered: ((answer: LineAnswer) => void) | undefined;
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
      const text = this.#got;
      this.#got = '';
      this.#settle({ status: Number(text.slice(9, 12)), text });
    });
    socket.on('error', () => this.#settle(BROKEN));
    socket.on('close', () => this.#settle(BROKEN));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  ask(request: Buffer): Promise<LineAnswer> {
    if (!this.isOpen) return Promise.resolve(BROKEN);
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.write(request);
    });
  }

  end(): void {
    this.#socket.destroy();
  }

  #settle(answer: LineAnswer): void {
    this.#answered?.(answer);
    this.#answered = undefined;
  }
}

/** What stands after the head. */
export const bodyOf = ({ text }: LineAnswer): string => text.slice(text.indexOf('\r\n\r\n') + 4);
