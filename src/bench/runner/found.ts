import { relative } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Listed } from '../../preload/bench/messages.ts';
import { UniqueNames } from '../criterion/tree-names.ts';
import { runnable } from '../files/bundle.ts';
import { type BenchmarkId, benchmarkId, type Throughput } from '../measurement.ts';
import type { Failure } from './failure.ts';
import { listBenchmarks, type Place } from './worker.ts';

/** A benchmark of a file, ready to run. */
export interface Found {
  readonly id: BenchmarkId;
  /** Its folder in Criterion's tree. */
  readonly directory: string;
  /** The file that declares it, relative to the folder where the tool was started. */
  readonly file: string;
  /** The same, absolute. */
  readonly path: string;
  /** What is imported: the file, or what was bundled of it. */
  readonly url: string;
  readonly place: Place;
  readonly throughput: Throughput | undefined;
  readonly listed: Listed;
}

/** A file that could not be loaded. */
export interface Unloadable {
  readonly file: string;
  readonly failure: Failure;
  /** Where it could not even be compiled. */
  readonly mistake?: UserError;
}

/** Times of loading a file and making it runnable. */
const LOAD_SECONDS = 60;

/**
 * Loads files with benchmarks, each in a process of its own. One that cannot be compiled or loaded does not keep the others.
 * @param folder gets what is bundled
 */
export async function findBenchmarks(
  files: readonly string[],
  place: Place,
  folder: string,
): Promise<{ readonly found: readonly Found[]; readonly unloadable: readonly Unloadable[] }> {
  const found: Found[] = [];
  const unloadable: Unloadable[] = [];
  const names = new UniqueNames();
  for (const [number, path] of files.entries()) {
    const file = relative(place.cwd, path);
    const url = await runnable(path, { folder, number, cwd: place.cwd }).catch(mistakeOf);
    if (typeof url !== 'string') {
      unloadable.push({ file, ...url });
      continue;
    }
    const loaded = await listBenchmarks(url, place, LOAD_SECONDS);
    if ('failure' in loaded) {
      unloadable.push({ file, failure: loaded.failure });
      continue;
    }
    for (const listed of loaded.benchmarks) {
      const { id, directory } = names.claim(idOf(listed));
      found.push({ id, directory, file, path, url, place, throughput: throughputOf(listed), listed });
    }
  }
  return { found, unloadable };
}

function mistakeOf(error: unknown): Omit<Unloadable, 'file'> {
  if (!(error instanceof UserError)) throw error;
  const { message, hint = 'mend the file with benchmarks' } = error;
  return { failure: { what: message, hint, stack: '' }, mistake: error };
}

/** Outside of groups a benchmark is a group of its own, as in Criterion. */
function idOf({ group, name, value }: Listed): BenchmarkId {
  return group === undefined ? benchmarkId(name, undefined, value) : benchmarkId(group, name, value);
}

function throughputOf({ throughput }: Listed): Throughput | undefined {
  if (throughput === undefined) return undefined;
  return 'bytes' in throughput
    ? { kind: 'Bytes', perIteration: throughput.bytes }
    : { kind: 'Elements', perIteration: throughput.elements };
}
