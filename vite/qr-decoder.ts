import path from 'node:path';
import type { Plugin } from 'vite';

const CAMERA = /[\\/]html5-qrcode[\\/]esm[\\/]html5-qrcode\.js$/;
const STOCK_DECODER = './zxing-html5-qrcode-decoder';
const HTML_SINK = 'element.innerHTML = "";';

/**
 * Gives html5-qrcode 2.3.8 our decoder and makes it work under Trusted Types.
 *
 * Its stock decoder (zxing-js) misses dense codes that ZXing-C++ reads, so its import is pointed at `decoder`.
 * Its one `innerHTML` assignment, which empties the container before every start, is refused by
 * `require-trusted-types-for 'script'`; `replaceChildren()` does the same without a sink.
 * The build fails when the library no longer looks as expected.
 *
 * @param decoder absolute path of a module that exports `ZXingHtml5QrcodeDecoder`
 */
export function qrDecoder(decoder: string): Plugin {
  return {
    name: 'parley:qr-decoder',
    enforce: 'pre',
    config: () => ({ optimizeDeps: { exclude: ['html5-qrcode', 'zxing-wasm'] } }),
    resolveId(source, importer) {
      return source === STOCK_DECODER && importer?.includes('html5-qrcode') ? decoder : null;
    },
    transform(code, id) {
      if (!CAMERA.test(id)) return null;
      const sinks = code.split('innerHTML').length - 1;
      if (sinks !== 1 || !code.includes(HTML_SINK)) {
        this.error(`html5-qrcode should use innerHTML once, for emptying, but has ${sinks} uses`);
      }
      return { code: code.replace(HTML_SINK, 'element.replaceChildren();'), map: null };
    },
    generateBundle() {
      for (const id of this.getModuleIds()) {
        if (id.includes(path.join('html5-qrcode', 'third_party'))) {
          this.error('html5-qrcode still brings its own decoder');
        }
      }
    },
  };
}
