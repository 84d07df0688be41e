import { useDiagnostics } from '../../../state/hooks.ts';
import { dateAndTime } from '../../format.ts';
import controls from '../../parts/controls.module.css';
import { Facts } from '../../parts/Facts.tsx';
import { useNow } from '../../parts/now.ts';
import { TextSkeleton } from '../../parts/Skeleton.tsx';
import { refusal } from '../../words/refusals.ts';
import { settings } from '../../words/settings.ts';

export function Diagnostics() {
  const diagnostics = useDiagnostics();
  const now = useNow();
  const words = settings.diagnostics;
  if (!diagnostics) return <TextSkeleton />;
  const { version, outboxWaiting, serviceWorker, keysHeldBy, quarantined } = diagnostics;
  return (
    <>
      <p className={controls['note']}>{words.lead}</p>
      <Facts
        facts={[
          [words.version, version],
          [words.outbox, String(outboxWaiting)],
          [words.worker, serviceWorker === 'active' ? words.workerActive : words.workerNone],
          [words.keys, keysHeldBy === 'browser' ? words.keysBrowser : words.keysScript],
        ]}
      />
      <h2>{words.quarantine}</h2>
      {quarantined.length === 0 ? (
        <p className={controls['note']}>{words.quarantineEmpty}</p>
      ) : (
        <ul className={controls['stack']}>
          {quarantined.map(({ at, reason }, index) => (
            <li key={index}>
              <p>{refusal(reason) ?? reason}</p>
              <p className={controls['note']}>
                <code>{reason}</code> · <time>{dateAndTime(at, now)}</time>
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
