import { useEffect, useState } from 'react';
import { cleanDisplayName } from '../lib/display-name.ts';
import type { InviterQuestion } from '../services/inviter-question.ts';
import { arrivedLink } from './arrived-link.ts';

export interface InviterView {
  /** As claimed; undefined until it is known, and for ever where no network tells. */
  readonly name: string | undefined;
  /** Used, withdrawn or expired, as far as is known. */
  readonly over: boolean;
}

/** Who invited the person that opened Parley by a link; undefined when no link led here. */
export function useInviter(): InviterView | undefined {
  const [link] = useState(arrivedLink);
  const [name, setName] = useState<string>();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (link === undefined || !('serviceWorker' in navigator)) return undefined;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') setName(cleanDisplayName(data) || undefined);
      setOver(data === null);
    };
    const question: InviterQuestion = { type: 'inviter', link };
    void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(question, [port2]));
    return () => port1.close();
  }, [link]);
  return link === undefined ? undefined : { name, over };
}
