import { openCamera, type Camera } from './camera.ts';
import { scanPicture } from './picture.ts';
import type { CameraFailure, Scanner, StartOutcome } from './types.ts';

interface Session {
  readonly container: HTMLElement;
  readonly onText: (text: string) => void;
  readonly onLost: (failure: CameraFailure) => void;
  lastText: string | undefined;
}

/**
 * The scanner on html5-qrcode and ZXing-C++. Opening and closing the camera happen one after the
 * other.
 */
export function createScanner(): Scanner {
  let session: Session | undefined;
  let camera: Camera | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result;
    return result;
  };

  const close = async () => {
    await camera?.close();
    camera = undefined;
  };

  const open = async (asked: Session): Promise<StartOutcome> => {
    await close();
    if (session !== asked) return { kind: 'stopped' };
    const opening = await openCamera(asked.container, (text) => report(asked, text), onEnded);
    if (opening.kind !== 'open') return opening;
    camera = opening.camera;
    if (session === asked) return { kind: 'started' };
    await close();
    return { kind: 'stopped' };
  };

  const report = (asked: Session, text: string) => {
    if (session !== asked || asked.lastText === text) return;
    asked.lastText = text;
    asked.onText(text);
  };

  /** The camera follows the page: a hidden page lets it go, a visible one takes it again. */
  const follow = async () => {
    const asked = session;
    if (!asked || document.hidden) return close();
    if (camera) return;
    const outcome = await open(asked);
    if (outcome.kind === 'started' || outcome.kind === 'stopped') return;
    end();
    asked.onLost(outcome);
  };
  const onVisibility = () => void inTurn(follow);
  const onEnded = () => void inTurn(() => close().then(follow));

  const end = () => {
    session = undefined;
    document.removeEventListener('visibilitychange', onVisibility);
  };

  return {
    start(container, onText, onLost = () => undefined) {
      end();
      const asked: Session = { container, onText, onLost, lastText: undefined };
      session = asked;
      document.addEventListener('visibilitychange', onVisibility);
      return inTurn(async () => {
        const outcome = await open(asked);
        if (outcome.kind !== 'started' && session === asked) end();
        return outcome;
      });
    },
    stop() {
      end();
      return inTurn(close);
    },
    scanPicture,
  };
}
