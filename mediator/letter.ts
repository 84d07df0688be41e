import { utf8, type Bytes } from '../src/lib/bytes.ts';
import { sha256 } from './did-hash.ts';

/** One forwarded envelope with its id: the same text is the same message. */
export interface Letter {
  readonly id: Bytes;
  readonly body: Bytes;
}

export function letterOf(envelope: string): Letter {
  const body = utf8(envelope);
  return { id: sha256(body).slice(0, 16), body };
}
