import { equalBytes, utf8 } from '../src/lib/bytes.ts';
import { sha256 } from './did-hash.ts';
import type { Letter } from './store/types.ts';

/** Whether it is none of those before it; for `filter`. */
export const isFirst = ({ id }: Letter, i: number, letters: readonly Letter[]): boolean =>
  letters.findIndex((one) => equalBytes(one.id, id)) === i;

export function letterOf(envelope: string): Letter {
  const body = utf8(envelope);
  return { id: sha256(body).slice(0, 16), body };
}
