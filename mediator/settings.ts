import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** The few things beside mail that a mediator must keep: its keys above all. Secrets are among them. */
export interface Settings {
  /** What is kept under this name; made and kept when there is nothing yet, by one of all who ask. */
  once(name: string, make: () => Promise<string>): Promise<string>;
  /** @returns false, and changes nothing, when what is kept is not `known` any more */
  replace(name: string, known: string, text: string): Promise<boolean>;
}

/** Files `<name>.json` of the data folder, readable by their owner alone. */
export function fileSettings(dataDir: string): Settings {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return {
    once: async (name, make) => {
      const kept = readSetting(dataDir, name);
      if (kept !== undefined) return kept;
      const made = await make();
      writeWhole(pathOf(dataDir, name), made);
      return made;
    },
    replace: async (name, known, text) => {
      if (readSetting(dataDir, name) !== known) return false;
      writeWhole(pathOf(dataDir, name), text);
      return true;
    },
  };
}

export function readSetting(dataDir: string, name: string): string | undefined {
  const path = pathOf(dataDir, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

const pathOf = (dataDir: string, name: string): string => join(dataDir, `${name}.json`);

/** Of a setting that may be damaged: undefined is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also when the power goes. */
function writeWhole(path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}
