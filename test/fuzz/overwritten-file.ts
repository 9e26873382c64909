import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For readers of files: one that gets the bytes of each run. Removed when the process ends. */
export class OverwrittenFile {
  private readonly path: string;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-fuzz-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    this.path = join(folder, 'input');
  }

  /** @returns the path of a file that holds these bytes */
  of(bytes: Buffer): string {
    const opened = openSync(this.path, 'w', 0o600);
    ftruncateSync(opened);
    writeSync(opened, bytes);
    closeSync(opened);
    return this.path;
  }
}
