import { Buffer } from 'node:buffer';

/**
 * Gives this thread `Uint8Array.fromBase64` and `toBase64`, which Node 24 lacks, as far as Parley uses them:
 * base64url without padding, of text that was checked. The shared code prefers them where they are.
 * @returns what takes them back
 */
export function useNodeBase64(): () => void {
  const undo: (() => void)[] = [];
  const define = (on: object, name: string, value: unknown): void => {
    if (name in on) return;
    Object.defineProperty(on, name, { value, configurable: true, writable: true });
    undo.push(() => Reflect.deleteProperty(on, name));
  };
  define(Uint8Array, 'fromBase64', (text: string) => {
    const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
    Buffer.from(bytes.buffer).write(text, 'base64url');
    return bytes;
  });
  define(Uint8Array.prototype, 'toBase64', function toBase64(this: Uint8Array): string {
    return Buffer.from(this.buffer, this.byteOffset, this.length).toString('base64url');
  });
  return () => {
    for (const step of undo) step();
  };
}
