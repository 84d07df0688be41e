import { newRowId } from '../../lib/ids.ts';

const LONG_SIDE_PX = 1_920;

/** Where html5-qrcode puts its video and its canvas. */
export interface Stage {
  readonly id: string;
  /** Resolves with the first frame on screen. */
  readonly playing: Promise<void>;
  /** The camera's track, once the library has put its video here. */
  readonly track: () => MediaStreamTrack | undefined;
  /** Takes everything off the page and lets the camera go, whatever state the library is in. */
  readonly remove: () => void;
}

/**
 * html5-qrcode decodes frames in the CSS size of its video, so the stage has the size of the
 * camera's frames, and a transform shrinks it to cover `container`: a phone's narrow screen costs
 * no detail of the code.
 */
export function mountStage(container: HTMLElement): Stage {
  const frame = document.createElement('div');
  const stage = document.createElement('div');
  const size = { width: 1_280, height: 720 };
  stage.id = `scanner-${newRowId()}`;
  Object.assign(frame.style, {
    position: 'relative',
    width: '100%',
    height: '100%',
    overflow: 'hidden',
  });
  Object.assign(stage.style, { width: `${size.width}px`, transformOrigin: '0 0' });
  frame.setAttribute('aria-hidden', 'true');
  frame.append(stage);
  container.append(frame);

  const cover = () => {
    const scale = Math.max(frame.clientWidth / size.width, frame.clientHeight / size.height);
    const left = (frame.clientWidth - size.width * scale) / 2;
    const top = (frame.clientHeight - size.height * scale) / 2;
    stage.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  };
  const observer = new ResizeObserver(cover);
  observer.observe(frame);
  // Known before `playing`, when the library measures its video. Media events do not bubble: hence
  // the capture.
  const measure = (event: Event) => {
    if (!(event.target instanceof HTMLVideoElement)) return;
    const { videoWidth, videoHeight, style } = event.target;
    const scale = Math.min(1, LONG_SIDE_PX / Math.max(videoWidth, videoHeight));
    Object.assign(size, {
      width: Math.round(videoWidth * scale),
      height: Math.round(videoHeight * scale),
    });
    stage.style.width = style.width = `${size.width}px`;
    cover();
  };
  stage.addEventListener('loadedmetadata', measure, true);
  const playing = new Promise<void>((resolve) => {
    stage.addEventListener('playing', () => resolve(), { capture: true, once: true });
  });

  const stream = (): MediaStream | undefined => {
    const source = stage.querySelector('video')?.srcObject;
    return source instanceof MediaStream ? source : undefined;
  };
  return {
    id: stage.id,
    playing,
    track: () => stream()?.getVideoTracks()[0],
    remove: () => {
      observer.disconnect();
      stream()
        ?.getTracks()
        .forEach((track) => track.stop());
      frame.remove();
    },
  };
}
