import { prepareReader, readCode } from './reader.ts';
import type { PictureOutcome } from './types.ts';

/** Safari draws canvases of up to 16 Mpx; more pixels do not help the decoder either. */
const LONG_SIDE_PX = 3_200;
/** A picture cut at the code's edge has no quiet zone; the decoder needs one. */
const MARGIN_PX = 64;

/**
 * Reads one code from a picture. Not by html5-qrcode's scanFile, which needs an element of the
 * page, refuses while the camera runs and draws pictures of any size.
 */
export async function scanPicture(picture: Blob): Promise<PictureOutcome> {
  const [prepared, bitmap] = await Promise.all([prepareReader(), bitmapOf(picture)]);
  if (!bitmap) return { kind: 'no-code' };
  const pixels = pixelsOf(bitmap);
  bitmap.close();
  if (!prepared) return { kind: 'failed' };
  const text = await readCode(pixels);
  return text === undefined ? { kind: 'no-code' } : { kind: 'text', text };
}

/** Undefined for a file that is not a picture this browser can read. */
const bitmapOf = (picture: Blob): Promise<ImageBitmap | undefined> =>
  createImageBitmap(picture).catch((): undefined => undefined);

function pixelsOf(bitmap: ImageBitmap): ImageData {
  const scale = Math.min(1, LONG_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = document.createElement('canvas');
  canvas.width = width + 2 * MARGIN_PX;
  canvas.height = height + 2 * MARGIN_PX;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d context');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, MARGIN_PX, MARGIN_PX, width, height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
