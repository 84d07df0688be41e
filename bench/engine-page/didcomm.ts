import * as glue from 'didcomm/index_bg.js';
import wasmUrl from 'didcomm/index_bg.wasm?url';

// Takes the place of didcomm-node in a page: npm didcomm, the same library compiled for browsers.

const imports = { './index_bg.js': glue as unknown as WebAssembly.ModuleImports };
const { instance } = await WebAssembly.instantiateStreaming(fetch(wasmUrl), imports);
glue.__wbg_set_wasm(instance.exports);

export const { FromPrior, Message } = glue;
