import { useCallback, useEffect, useRef, useState } from 'react';
import { saveDraft } from '../../../state/actions.ts';
import { useDraft } from '../../../state/hooks.ts';

const PAUSE_MS = 300;

export interface DraftText {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Empties the field at once; the stored draft goes when `kept` says that the text is safe elsewhere. */
  readonly handOver: (kept: Promise<void>) => Promise<void>;
}

/** The text being written. It is stored when the writing pauses, the page is hidden or the chat is left. */
export function useDraftText(contactId: string): DraftText {
  const stored = useDraft(contactId);
  const [typed, setTyped] = useState<string>();
  const unsaved = useRef<string>(undefined);

  const save = useCallback(async () => {
    const text = unsaved.current;
    unsaved.current = undefined;
    if (text !== undefined) await saveDraft(contactId, text);
  }, [contactId]);

  useEffect(() => {
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, save]);

  useEffect(() => {
    const saveNow = () => void save();
    document.addEventListener('visibilitychange', saveNow);
    return () => {
      document.removeEventListener('visibilitychange', saveNow);
      saveNow();
    };
  }, [save]);

  return {
    text: typed ?? stored ?? '',
    setText: (next) => {
      unsaved.current = next;
      setTyped(next);
    },
    handOver: async (kept) => {
      unsaved.current = undefined;
      setTyped('');
      await kept;
      unsaved.current ??= '';
      await save();
    },
  };
}
