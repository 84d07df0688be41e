import { useTransition } from 'react';
import { askForPersistence } from '../../../state/actions.ts';
import { useStorage } from '../../../state/hooks.ts';
import { byteSize } from '../../format.ts';
import controls from '../../parts/controls.module.css';
import { Facts } from '../../parts/Facts.tsx';
import { TextSkeleton } from '../../parts/Skeleton.tsx';
import { settings } from '../../words/settings.ts';

export function Storage() {
  const storage = useStorage();
  const [busy, begin] = useTransition();
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
            onClick={() => begin(() => askForPersistence())}
          >
            {words.ask}
          </button>
        </div>
      )}
    </>
  );
}
