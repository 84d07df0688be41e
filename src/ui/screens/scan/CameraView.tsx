import Camera from 'lucide-react/icons/camera';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CameraFailure } from '../../scanner/scanner.ts';
import { hasTravelled } from '../../parts/arrival.ts';
import controls from '../../parts/controls.module.css';
import { scan } from '../../words/scan.ts';
import styles from './Scan.module.css';
import type { LoadedScanner } from './use-scanner.ts';

interface CameraViewProps {
  readonly scanner: LoadedScanner;
  readonly onText: (text: string) => void;
}

type CameraState = 'off' | 'starting' | 'on' | CameraFailure['kind'];

/** Asks for the camera by itself only when a tap led here; else there is a button. */
export function CameraView({ scanner, onText }: CameraViewProps) {
  const [state, setState] = useState<CameraState>(hasTravelled() ? 'starting' : 'off');
  const stage = useRef<HTMLDivElement>(null);

  const start = useCallback(async () => {
    const loaded = await scanner();
    const container = stage.current;
    if (!container) return; // the screen was left meanwhile
    const onLost = ({ kind }: CameraFailure) => setState(kind);
    const outcome = (await loaded?.start(container, onText, onLost)) ?? { kind: 'failed' };
    if (outcome.kind !== 'stopped') setState(outcome.kind === 'started' ? 'on' : outcome.kind);
  }, [scanner, onText]);

  useEffect(() => {
    const asked = hasTravelled() ? Promise.resolve(true) : alreadyAllowed();
    void asked.then((yes) => (yes ? start() : undefined));
  }, [start]);

  const press = () => {
    setState('starting');
    void start();
  };

  return (
    <div className={styles['camera']} data-state={state}>
      <div ref={stage} className={styles['stage']} />
      {state === 'on' && <span className={styles['frame']} />}
      <div className={styles['words']} role="status">
        {state === 'on' ? <span className="hidden-text">{scan.lead}</span> : null}
        {state === 'starting' && scan.starting}
        {isFailure(state) && scan[state]}
      </div>
      {(state === 'off' || state === 'failed') && (
        <button className={controls['primary']} type="button" onClick={press}>
          <Camera size="1.125rem" aria-hidden="true" />
          {scan.useCamera}
        </button>
      )}
    </div>
  );
}

const isFailure = (state: CameraState): state is CameraFailure['kind'] =>
  state === 'denied' || state === 'no-camera' || state === 'failed';

/** Whether the person allowed the camera for good. Browsers that cannot tell reject the question. */
const alreadyAllowed = (): Promise<boolean> =>
  'permissions' in navigator
    ? navigator.permissions.query({ name: 'camera' }).then(
        ({ state }) => state === 'granted',
        () => false,
      )
    : Promise.resolve(false);
