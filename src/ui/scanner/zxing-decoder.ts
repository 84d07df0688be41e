import { Html5QrcodeSupportedFormats, QrcodeResultFormat } from 'html5-qrcode/esm/core';
import type { QrcodeDecoderAsync, QrcodeResult } from 'html5-qrcode/esm/core';
import { readCode } from './reader.ts';

/**
 * Takes the place of html5-qrcode's own decoder of this name (vite/qr-decoder.ts): ZXing-C++
 * instead of zxing-js, which misses dense codes at 4 px a module. A class because the library calls
 * it with `new`.
 */
export class ZXingHtml5QrcodeDecoder implements QrcodeDecoderAsync {
  /** Rejects when the frame holds no code, as the library expects. */
  async decodeAsync(canvas: HTMLCanvasElement): Promise<QrcodeResult> {
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no 2d context');
    const text = await readCode(context.getImageData(0, 0, canvas.width, canvas.height));
    if (text === undefined) throw new Error('no code');
    return {
      text,
      format: QrcodeResultFormat.create(Html5QrcodeSupportedFormats.QR_CODE),
      debugData: { decoderName: 'zxing-wasm' },
    };
  }
}
