import { statSync } from 'node:fs';
import { readCriterionTree } from '../../bench/import/criterion-tree.ts';
import { type ReadResults, readResults } from '../../bench/import/registry.ts';
import { UserError } from '../../errors.ts';
import { openInput, readBytes } from '../../formats/input.ts';
import type { World } from '../../world.ts';

/**
 * Results of a harness by their path.
 * @param path a file, `-` for standard input, or a folder that Criterion wrote
 * @param inputFormat id of a format. Default: detected
 * @throws {UserError} unknown or broken
 */
export async function readResultsAt(path: string, world: World, inputFormat: string | undefined): Promise<ReadResults> {
  if (isFolder(path)) {
    const tree = readCriterionTree(path);
    if (tree !== undefined) return tree;
    throw new UserError(`${path}: no results of Criterion are in this folder`, {
      hint: 'give a file, or the folder target/criterion',
    });
  }
  const bytes = await readBytes(await openInput(path, { stdin: world.stdin }));
  const name = path === '-' ? 'standard input' : path;
  return readResults(new TextDecoder().decode(bytes), name, inputFormat === 'criterion' ? undefined : inputFormat);
}

export function isFolder(path: string): boolean {
  return path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
