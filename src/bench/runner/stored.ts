import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';

/** What numbers depend on beside the program: those of another machine are no baseline. */
export interface Surroundings {
  readonly processor: string;
  readonly processors: number;
  readonly architecture: string;
  /** The version of node that ran the benchmarks. */
  readonly node: string;
}

export function surroundings(node: string): Surroundings {
  const all = cpus();
  return { processor: all[0]?.model.trim() ?? '', processors: all.length, architecture: process.arch, node };
}

/** Beside Criterion's tree, which has no room for it. */
function fileOf(root: string, name: string): string {
  return join(root, `.pforge-prof-${name}.json`);
}

/** Remembers where a baseline was measured. */
export function keepSurroundings(root: string, name: string, here: Surroundings): void {
  mkdirSync(root, { recursive: true });
  const file = fileOf(root, name);
  writeFileSync(`${file}.tmp`, `${JSON.stringify(here)}\n`);
  renameSync(`${file}.tmp`, file);
}

/**
 * How a baseline's surroundings differ from those of now, in words; '' = alike. What Criterion has stored tells nothing
 * of them, and is taken for alike.
 * @throws {UserError} the file is broken
 */
export function differences(root: string, name: string, here: Surroundings): string {
  let text: string;
  try {
    text = readFileSync(fileOf(root, name), 'utf8');
  } catch {
    return '';
  }
  let then: Partial<Surroundings>;
  try {
    then = JSON.parse(text) as Partial<Surroundings>;
  } catch (error) {
    throw new UserError(`${fileOf(root, name)} is broken`, { hint: 'delete it', cause: error });
  }
  const keys = ['processor', 'processors', 'architecture', 'node'] as const;
  return keys
    .filter((key) => then[key] !== here[key])
    .map((key) => `${key} ${then[key]}, now ${here[key]}`)
    .join('; ');
}
