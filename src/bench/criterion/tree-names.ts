import { join } from 'node:path';
import { type BenchmarkId, cutToBytes } from '../measurement.ts';

const LONGEST_NAME = 64;

/** A name as a folder of Criterion's tree: what file systems do not take becomes `_`, and 64 bytes are enough. */
export function safeName(name: string): string {
  // Criterion lets NUL and a lone dot pass, which no folder can be called
  const safe = cutToBytes(name.replace(/[?"/\\*<>:|^\0]/g, '_'), LONGEST_NAME);
  return safe === '' || safe === '.' || safe === '..' ? `${safe.replaceAll('.', '_')}_` : safe;
}

/** Where Criterion keeps a benchmark, below the root of the tree: `group/function/value`, always with slashes. */
export function directoryName({ group, function: functionName, value }: BenchmarkId): string {
  return [group, functionName, value]
    .filter((part) => part !== undefined)
    .map(safeName)
    .join('/');
}

/**
 * Folders and titles of one run, each given once: benchmarks that would share one get `_2`, `_3` behind the folder and
 * ` #2` behind the title, in the order in which they ask, as Criterion has it.
 */
export class UniqueNames {
  private readonly directories = new Set<string>();
  private readonly titles = new Set<string>();

  claim(id: BenchmarkId): { readonly id: BenchmarkId; readonly directory: string } {
    const directory = unique(directoryName(id), '_', this.directories);
    const title = unique(id.title, ' #', this.titles);
    return { id: title === id.title ? id : { ...id, title }, directory };
  }
}

function unique(name: string, mark: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count++) candidate = `${name}${mark}${count}`;
  taken.add(candidate);
  return candidate;
}

/** Where results are kept: `CRITERION_HOME`, `CARGO_TARGET_DIR/criterion`, or `target/criterion` below the folder. */
export function criterionHome(env: NodeJS.ProcessEnv, folder: string): string {
  if (env.CRITERION_HOME) return env.CRITERION_HOME;
  if (env.CARGO_TARGET_DIR) return join(env.CARGO_TARGET_DIR, 'criterion');
  return join(folder, 'target', 'criterion');
}
