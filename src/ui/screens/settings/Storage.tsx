import { useState, useTransition } from 'react';
import { askForPersistence } from '../../../state/actions.ts';
import { useStorage } from '../../../state/hooks.ts';
import { byteSize } from '../../format.ts';
import controls from '../../parts/controls.module.css';
import { Facts } from '../../parts/Facts.tsx';
import { TextSkeleton } from '../../parts/Skeleton.tsx';
import { settings } from '../../words/settings.ts';

export function Storage() {
  const [asked, setAsked] = useState(0);
  const [busy, begin] = useTransition();
  const ask = () => {
    if (busy) return;
    begin(async () => {
      await askForPersistence();
      setAsked((times) => times + 1); // what the browser answered is read anew
    });
  };
  return <Kept key={asked} busy={busy} onAsk={ask} />;
}

interface KeptProps {
  readonly busy: boolean;
  readonly onAsk: () => void;
}

function Kept({ busy, onAsk }: KeptProps) {
  const storage = useStorage();
  const words = settings.storage;
  if (!storage) return <TextSkeleton />;
  const { persisted, usedBytes } = storage;
  const kept = persisted === undefined ? words.unknown : persisted ? words.yes : words.no;
  return (
    <>
      <p className={controls['note']}>{words.lead}</p>
      <Facts
        facts={[
          [words.kept, kept],
          [words.used, usedBytes === undefined ? undefined : byteSize(usedBytes)],
        ]}
      />
      {persisted === false && (
        <div className={controls['actions']}>
          <button
            className={controls['primary']}
            type="button"
            aria-disabled={busy}
            onClick={onAsk}
          >
            {words.ask}
          </button>
        </div>
      )}
    </>
  );
}
