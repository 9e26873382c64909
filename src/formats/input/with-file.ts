import { closeSync, fstatSync, openSync } from 'node:fs';

/**
 * Has a file read in a way that others can stand in for.
 * @param use given its descriptor, which is closed afterwards, and its size; tells whether it has read all
 * @returns what `use` tells; false where the file cannot be opened, of which whoever reads it in another way learns why
 * @throws what `use` throws
 */
export async function withFile(path: string, use: (file: number, size: number) => Promise<boolean>): Promise<boolean> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    return await use(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}
