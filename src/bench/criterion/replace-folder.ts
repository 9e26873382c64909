import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EXIT, UserError } from '../../errors.ts';

const ATTEMPTS = 10;

/**
 * Puts a folder with these files in the place of another, or makes it, and what leads to it: files of two runs never
 * stand beside each other, whenever the program dies.
 * @throws {UserError} 125 when the disk does not take it
 */
export function replaceFolder(folder: string, files: ReadonlyMap<string, string>): void {
  let fresh: string | undefined;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    fresh = mkdtempSync(join(dirname(folder), `.${basename(folder)}.`));
    const made = join(fresh, 'made');
    // mkdtemp's folder is for its owner alone; this one is like any other
    mkdirSync(made);
    for (const [name, text] of files) writeFileSync(join(made, name), text);
    takePlace(made, folder, fresh);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`cannot keep results in ${folder}: ${code === 'ENOSPC' ? 'no space left on the disk' : code}`, {
      hint: 'CRITERION_HOME=FOLDER keeps them elsewhere',
      exitCode: EXIT.cannotCollect,
      cause: error,
    });
  } finally {
    if (fresh !== undefined) rmSync(fresh, { recursive: true, force: true });
  }
}

/** Another process may put its own folder there meanwhile: the last one stays. */
function takePlace(made: string, folder: string, fresh: string): void {
  for (let attempt = 1; ; attempt++) {
    putAside(folder, join(fresh, `former-${attempt}`));
    try {
      renameSync(made, folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'ENOTEMPTY' && code !== 'EEXIST') || attempt === ATTEMPTS) throw error;
    }
  }
}

function putAside(folder: string, aside: string): void {
  try {
    renameSync(folder, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
