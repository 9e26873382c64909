import { existsSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.ts';

const open = new Set<string>();
/** Those that others removed while they were in use. */
const lost = new Set<string>();

/**
 * Makes a private temporary folder (mode 0700). Whatever ends our process, short of SIGKILL, removes it.
 * @param beside a folder where large results will be, to be renamed only; hidden there. Default: the temporary folder
 * @returns its absolute path
 * @throws {UserError} 125 when that folder cannot be written
 */
export async function makePrivateDir(beside?: string): Promise<string> {
  const parent = resolve(beside ?? tmpdir());
  let folder: string;
  try {
    folder = await mkdtemp(join(parent, beside === undefined ? 'pforge-prof-' : '.pforge-prof-'));
  } catch (error) {
    throw new UserError(`cannot make a temporary folder in ${parent} (${(error as NodeJS.ErrnoException).code})`, {
      hint: beside === undefined ? 'set TMPDIR to a folder that can be written' : 'choose another place with -o',
      exitCode: EXIT.cannotCollect,
      cause: error,
    });
  }
  if (open.size === 0) process.once('exit', removeAll);
  open.add(folder);
  return folder;
}

/** Whoever does not wait for it, and what cannot be removed yet, has it removed at our end at the latest. */
export async function removePrivateDir(folder: string): Promise<void> {
  if (open.has(folder) && !existsSync(folder)) lost.add(folder);
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    return;
  }
  open.delete(folder);
  if (open.size === 0) process.removeListener('exit', removeAll);
}

/**
 * What to tell of an error: that of a file which went with its private folder says nothing to the person whose program
 * has emptied the temporary folder.
 * @returns the error itself where it has another cause
 */
export function withLostDir(error: unknown): unknown {
  const { code, path } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code !== 'ENOENT' || path === undefined) return error;
  const folder = [...lost, ...[...open].filter((one) => !existsSync(one))].find((one) =>
    `${path}/`.startsWith(`${one}/`),
  );
  if (folder === undefined) return error;
  return new UserError(`the recording is lost: its folder, ${folder}, was removed meanwhile`, {
    hint: 'does the program empty the temporary folder? TMPDIR names another one',
    exitCode: EXIT.cannotCollect,
    cause: error,
  });
}

function removeAll(): void {
  for (const folder of open) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      tell(`${folder} is left: it cannot be removed (${(error as NodeJS.ErrnoException).code})`);
    }
  }
}

/** At our end streams write no more. */
function tell(text: string): void {
  try {
    writeSync(2, `pforge-prof: note: ${text.replace(/\p{Cc}/gu, '?')}\n`);
  } catch {
    // Nobody reads it
  }
}
