import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * Appends a line to a file now and then, and once more when the program exits. Keeps no program alive.
 * @param interval milliseconds between two lines
 * @param nextLine the line, with its end
 * @returns writes one at once; undefined where the file cannot be written: a program runs as well without
 */
export function writeRegularly(path: string, interval: number, nextLine: () => string): (() => void) | undefined {
  let file: number;
  try {
    file = openSync(path, 'a', 0o600);
  } catch {
    return undefined;
  }
  const write = (): void => {
    const line = nextLine();
    try {
      writeSync(file, line);
    } catch {
      clearInterval(timer);
    }
  };
  const timer = setInterval(write, interval);
  timer.unref();
  process.once('exit', () => {
    write();
    try {
      closeSync(file);
    } catch {
      // It is gone anyway
    }
  });
  return write;
}
