import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';

/** More than any program has been seen to write: V8 needs about 100 bytes a function. */
export const MAP_LIMIT = 512 * 1024 * 1024;

/** Why a file is not read, in one line without its path. */
export type Refused = { readonly why: string };

/** An open file and its bytes. */
type Opened = { readonly file: number; readonly size: number } | Refused;

/**
 * Opens a file that another program left at a place everybody may write to, for reading. Nothing but a regular file of
 * the given owners is touched: a symbolic link may lead anywhere, a FIFO blocks whoever opens it, a device may do
 * something when it is opened.
 * @param owners user ids
 * @returns a file descriptor that the caller closes; undefined: there is no file
 */
export function openRegular(path: string, owners: readonly number[]): Opened | undefined {
  try {
    if (!lstatSync(path).isFile()) return { why: 'it is not a regular file' };
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    // Looked at again: between the two calls somebody may have put something else there.
    const state = fstatSync(file);
    const why = !state.isFile()
      ? 'it is not a regular file'
      : owners.includes(state.uid)
        ? undefined
        : `it belongs to user ${state.uid}`;
    if (why === undefined) return { file, size: state.size };
    closeSync(file);
    return { why };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { why: `it cannot be read (${code})` };
  }
}

/**
 * The whole of such a file, as it is now.
 * @param limit bytes; a larger file is refused
 * @returns undefined: there is no file
 */
export function readRegular(path: string, owners: readonly number[], limit: number): Buffer | Refused | undefined {
  const opened = openRegular(path, owners);
  if (opened === undefined || 'why' in opened) return opened;
  try {
    if (opened.size > limit) return { why: `it is larger than ${limit} bytes` };
    const bytes = Buffer.allocUnsafe(opened.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(opened.file, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    return { why: `it cannot be read (${(error as NodeJS.ErrnoException).code})` };
  } finally {
    closeSync(opened.file);
  }
}
