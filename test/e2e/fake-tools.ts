import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workFolder } from './run-cli.ts';

/** A folder for PATH that holds node and the shell scripts that are given, and nothing else. */
export function pathWith(scripts: Readonly<Record<string, string>>): string {
  const folder = workFolder();
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, body] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
