import { Html5Qrcode } from 'html5-qrcode/esm/html5-qrcode';
import { prepareReader } from './reader.ts';
import type { CameraFailure } from './types.ts';
import { mountStage } from './stage.ts';

export interface Camera {
  /** Lets the camera go and empties the container. */
  close(): Promise<void>;
}

type Opening = { readonly kind: 'open'; readonly camera: Camera } | CameraFailure;

/**
 * Opens the camera that looks away from the person and reports every code it sees, frame by frame.
 *
 * @param onEnded the camera went away by itself: unplugged, or taken by the system
 */
export async function openCamera(
  container: HTMLElement,
  onText: (text: string) => void,
  onEnded: () => void,
): Promise<Opening> {
  if (!('mediaDevices' in navigator)) return { kind: 'no-camera' }; // an origin without TLS
  const stage = mountStage(container);
  const prepared = prepareReader(); // while the person is asked and the camera starts
  const library = new Html5Qrcode(stage.id, {
    verbose: false,
    useBarCodeDetectorIfSupported: false,
  });
  const camera: Camera = {
    async close() {
      // Before its first frame the library cannot stop and throws; removing the stage ends the
      // camera in any case.
      await stopLibrary(library);
      stage.remove();
    },
  };
  try {
    await library.start({ facingMode: 'environment' }, CONFIG, onText, undefined);
  } catch (error) {
    stage.remove();
    return { kind: failureKind(error) };
  }
  stage.track()?.addEventListener('ended', onEnded);
  const shows = await Promise.race([stage.playing.then(() => true), after(FIRST_FRAME_MS)]);
  if (shows && (await prepared)) return { kind: 'open', camera };
  await camera.close();
  return { kind: 'failed' };
}

const CONFIG = {
  fps: 15,
  disableFlip: true,
  videoConstraints: {
    facingMode: 'environment',
    width: { ideal: 1_920 },
    height: { ideal: 1_080 },
  },
};

/** A camera that another program holds can open and then give no picture. */
const FIRST_FRAME_MS = 8_000;

const after = (ms: number): Promise<false> =>
  new Promise((resolve) => setTimeout(() => resolve(false), ms));

async function stopLibrary(library: Html5Qrcode): Promise<'stopped' | 'was-not-running'> {
  try {
    await library.stop();
    return 'stopped';
  } catch {
    return 'was-not-running';
  }
}

/** html5-qrcode turns the DOMException of getUserMedia into a sentence that holds its name. */
function failureKind(error: unknown): CameraFailure['kind'] {
  const words = String(error);
  if (/NotAllowedError|SecurityError/.test(words)) return 'denied';
  if (/NotFoundError|OverconstrainedError|not supported/.test(words)) return 'no-camera';
  return 'failed';
}
