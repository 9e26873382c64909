import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.ts';

const open = new Set<string>();

/**
 * Makes a private temporary folder (mode 0700). Whatever ends our process, short of SIGKILL, removes it.
 * @returns its absolute path
 * @throws {UserError} 125 when the temporary folder cannot be written
 */
export async function makePrivateDir(): Promise<string> {
  const parent = resolve(tmpdir());
  let folder: string;
  try {
    folder = await mkdtemp(join(parent, 'pforge-prof-'));
  } catch (error) {
    throw new UserError(`cannot make a temporary folder in ${parent} (${(error as NodeJS.ErrnoException).code})`, {
      hint: 'set TMPDIR to a folder that can be written',
      exitCode: EXIT.cannotCollect,
      cause: error,
    });
  }
  if (open.size === 0) process.once('exit', removeAll);
  open.add(folder);
  return folder;
}

export async function removePrivateDir(folder: string): Promise<void> {
  open.delete(folder);
  if (open.size === 0) process.removeListener('exit', removeAll);
  await rm(folder, { recursive: true, force: true });
}

function removeAll(): void {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
}
