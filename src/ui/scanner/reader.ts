import { prepareZXingModule, purgeZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { readerWasmUrl } from './assets.ts';

// The same object each time, so that one instance is made; its own default fetches the wasm from a
// CDN.
const overrides = {
  locateFile: (file: string, folder: string) =>
    file.endsWith('.wasm') ? readerWasmUrl : folder + file,
};

/** Compiles the decoder; false when its wasm cannot be fetched. The next call tries again. */
export async function prepareReader(): Promise<boolean> {
  try {
    await prepareZXingModule({ overrides, fireImmediately: true });
    return true;
  } catch {
    purgeZXingModule(); // zxing-wasm 3.1.4 keeps the failed promise otherwise
    return false;
  }
}

/** The text of the QR code in the picture, or undefined when there is none. */
export async function readCode(picture: ImageData): Promise<string | undefined> {
  const [code] = await readBarcodes(picture, { formats: ['QRCode'], maxNumberOfSymbols: 1 });
  return code?.isValid === true && code.text !== '' ? code.text : undefined;
}
