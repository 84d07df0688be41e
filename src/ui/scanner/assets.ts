import readerWasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

/** The scanner's big file: to be warmed up so that scanning works without a network. */
export const readerWasmUrl: string = readerWasm;
