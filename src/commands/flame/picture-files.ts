import { readFileSync } from 'node:fs';
import { readError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import type { World } from '../../world.ts';
import type { PictureOptions } from './picture-options.ts';

/** Where flamegraph.pl and inferno keep the colours of `--cp`: in the folder they are started in. */
export const PALETTE_FILE = 'palette.map';

/**
 * Looks for the files that the options name, before anything is recorded.
 * @throws {UserError} one cannot be read, or the colours cannot be kept
 */
export function checkPicture({ nameattr, cp }: PictureOptions, world: World): void {
  if (nameattr !== undefined) readText(nameattr);
  if (!cp) return;
  readText(PALETTE_FILE, '');
  openOutput(PALETTE_FILE, world);
}

/**
 * @param absent what stands for a file that is not there; undefined = that is an error
 * @throws {UserError} the file cannot be read
 */
export function readText(file: string, absent?: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && absent !== undefined) return absent;
    throw readError(file, error);
  }
}
