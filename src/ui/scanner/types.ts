/**
 * Why the camera does not run. `failed`: in use elsewhere, broken, or the decoder is not on this
 * device yet.
 */
export type CameraFailure = { readonly kind: 'denied' | 'no-camera' | 'failed' };

/** `stopped`: stop() or another start() came first. */
export type StartOutcome =
  { readonly kind: 'started' } | { readonly kind: 'stopped' } | CameraFailure;

/** `failed`: the decoder is not on this device yet and the network is away. */
export type PictureOutcome =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'no-code' }
  | { readonly kind: 'failed' };

/**
 * Reads QR codes from the camera and from pictures. The camera is let go while the page is hidden
 * and taken again when it is visible. One scanner serves one screen.
 */
export interface Scanner {
  /**
   * Asks for the camera, so call it from a tap. Shows it inside `container`, filling it. `onText`
   * gets each code once as long as no other code comes between; `onLost` is called when a running
   * camera cannot be had again.
   */
  start(
    container: HTMLElement,
    onText: (text: string) => void,
    onLost?: (failure: CameraFailure) => void,
  ): Promise<StartOutcome>;
  /** Lets the camera go and empties the container; no `onText` after the call. */
  stop(): Promise<void>;
  /** Reads one code from a picture the person chose, pasted or shared. */
  scanPicture(picture: Blob): Promise<PictureOutcome>;
}
