import type { MessageView } from '../../../state/views.ts';
import { dayOf } from '../../format.ts';

export interface Entry {
  readonly message: MessageView;
  /** Its place in the whole chat, from 1. */
  readonly position: number;
  /** Stands first on its day, among what is loaded. */
  readonly opensDay: boolean;
  /** First and last of a run: one sender, one day, no pause of five minutes. */
  readonly first: boolean;
  readonly last: boolean;
}

const PAUSE_MS = 5 * 60_000;

/**
 * Days and runs of the newest messages of a chat.
 *
 * @param messages oldest first
 * @param total how many messages the chat holds, older ones included
 */
export function timeline(messages: readonly MessageView[], total: number): readonly Entry[] {
  const skipped = total - messages.length;
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    return {
      message,
      position: skipped + index + 1,
      opensDay: !before || dayOf(before.at) !== dayOf(message.at),
      first: !before || !oneRun(before, message),
      last: !after || !oneRun(message, after),
    };
  });
}

const oneRun = (a: MessageView, b: MessageView): boolean =>
  a.mine === b.mine && Math.abs(b.at - a.at) < PAUSE_MS && dayOf(a.at) === dayOf(b.at);
