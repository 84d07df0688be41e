declare module 'didcomm/index_bg.js' {
  export * from 'didcomm';
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}
