import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { readError, UserError } from '../../errors.ts';
import type { ChangeEstimates, Estimate, Estimates } from '../estimates.ts';
import { JsonValue, readJson } from '../json-value.ts';
import {
  type BenchmarkId,
  benchmarkId,
  type Measurement,
  type Throughput,
  type ThroughputKind,
} from '../measurement.ts';
import type { Fences } from './tukey.ts';

/** A benchmark of a tree and what is kept of it; read with {@link readRun} and {@link readChange}. */
export interface StoredBenchmark {
  readonly folder: string;
  /** Its folder below the root, with slashes. */
  readonly directory: string;
  /** Names of the runs that are kept: `new` is the last one, `base` and others were saved. */
  readonly runs: readonly string[];
  /** Whether the last comparison's estimates are there. */
  readonly compared: boolean;
}

/** One run as it is kept. Criterion writes all of it; what other tools leave out is missing here too. */
export interface StoredRun {
  readonly id: BenchmarkId;
  readonly throughput?: Throughput;
  readonly measurement?: Measurement;
  readonly estimates?: Estimates;
  readonly tukey?: Fences;
}

const RUN_FILES = ['sample.json', 'estimates.json'];
const CHANGE = 'change';

/**
 * The benchmarks of a Criterion tree (target/criterion), at any depth, in order of their names; numbers in them count as
 * numbers. `root` may also be the folder of one benchmark, or of one run.
 * @throws {UserError} the folder cannot be read
 */
export function findBenchmarks(root: string): StoredBenchmark[] {
  const found: StoredBenchmark[] = [];
  const top = resolve(root);
  if (holdsRun(list(top))) return [{ folder: dirname(top), directory: '', runs: [basename(top)], compared: false }];
  const left = [top];
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    const runs: string[] = [];
    let compared = false;
    for (const entry of list(folder)) {
      if (!entry.isDirectory()) continue;
      const inside = join(folder, entry.name);
      const isRun = holdsRun(list(inside));
      if (!isRun) left.push(inside);
      else if (entry.name === CHANGE) compared = true;
      else if (!entry.name.startsWith('.')) runs.push(entry.name);
    }
    const directory = relative(top, folder).replaceAll('\\', '/');
    if (runs.length > 0) found.push({ folder, directory, runs: runs.sort(), compared });
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return found.sort((a, b) => compare(a.directory, b.directory));
}

function holdsRun(entries: readonly { readonly name: string }[]): boolean {
  return entries.some(({ name }) => RUN_FILES.includes(name));
}

function list(folder: string): readonly { readonly name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw readError(folder, error);
  }
}

/**
 * Reads a run: Criterion 0.3 to 0.8. `sample.json` of the first 0.3 versions is a pair of lists, and their estimates have
 * capitalised names.
 * @param name one of the benchmark's `runs`
 * @throws {UserError} a file is broken: which, and where in it
 */
export function readRun({ folder, directory }: StoredBenchmark, name: string): StoredRun {
  const run = join(folder, name);
  const names = new Set(list(run).map((entry) => entry.name));
  const file = <T>(fileName: string, read: (json: JsonValue) => T): T | undefined =>
    names.has(fileName) ? read(readJson(join(run, fileName))) : undefined;
  const known = file('benchmark.json', readId) ?? { id: idOfFolder(directory || basename(folder)) };
  const sample = file('sample.json', readSample);
  const estimates = file('estimates.json', readEstimates);
  const tukey = file('tukey.json', readFences);
  return {
    ...known,
    ...(sample === undefined ? {} : { measurement: { ...known, ...sample } }),
    ...(estimates === undefined ? {} : { estimates }),
    ...(tukey === undefined ? {} : { tukey }),
  };
}

/** The full id of a benchmark as the first of its runs tells it, else its folder. @throws {UserError} that file is broken */
export function nameOf({ folder, directory, runs }: StoredBenchmark): string {
  const file = join(folder, runs[0]!, 'benchmark.json');
  return existsSync(file) ? readId(readJson(file)).id.fullId : idOfFolder(directory || basename(folder)).fullId;
}

/** The estimates of the last comparison; undefined where there was none. @throws {UserError} the file is broken */
export function readChange({ folder, compared }: StoredBenchmark): ChangeEstimates | undefined {
  if (!compared) return undefined;
  const json = readJson(join(folder, CHANGE, 'estimates.json'));
  return { mean: readEstimate(either(json, 'mean', 'Mean')), median: readEstimate(either(json, 'median', 'Median')) };
}

function readId(json: JsonValue): { id: BenchmarkId; throughput?: Throughput } {
  const part = (name: string): string | undefined => {
    const found = json.member(name);
    return found === undefined ? undefined : found.text();
  };
  const id = benchmarkId(json.at('group_id').text(), part('function_id'), part('value_str'));
  const throughput = json.member('throughput');
  return {
    id: { ...id, fullId: part('full_id') ?? id.fullId, title: part('title') ?? id.title },
    ...(throughput === undefined ? {} : { throughput: readThroughput(throughput) }),
  };
}

const KINDS: readonly ThroughputKind[] = ['Bytes', 'BytesDecimal', 'Elements', 'Bits'];

function readThroughput(json: JsonValue): Throughput {
  // Later versions can count both; bytes say it in one number
  const both = json.member('ElementsAndBytes');
  if (both !== undefined) return { kind: 'Bytes', perIteration: amountOf(both.at('bytes')) };
  for (const kind of KINDS) {
    const amount = json.member(kind);
    if (amount !== undefined) return { kind, perIteration: amountOf(amount) };
  }
  throw json.not(`a throughput (known are ${KINDS.join(', ')})`);
}

function amountOf(json: JsonValue): number {
  const amount = json.exactNumber();
  if (!(amount >= 0 && amount < 2 ** 64)) throw json.not('a number of 64 bits');
  return amount;
}

function idOfFolder(directory: string): BenchmarkId {
  const [group, functionName, ...value] = directory.split('/');
  return benchmarkId(group!, functionName, value.length === 0 ? undefined : value.join('/'));
}

function readSample(json: JsonValue): Omit<Measurement, 'id' | 'throughput'> {
  const old = Array.isArray(json.value) ? json.value : undefined;
  const lists = old === undefined ? json : new JsonValue({ iters: old[0], times: old[1] }, json.place);
  const iterations = lists.at('iters').exactNumbers();
  const times = lists.at('times').exactNumbers();
  const mode = lists.member('sampling_mode');
  const samplingMode = mode === undefined ? 'Linear' : mode.text();
  if (samplingMode !== 'Linear' && samplingMode !== 'Flat') throw mode!.not('Linear or Flat');
  checkSample(json.place, iterations, times);
  return { samplingMode, iterations, times };
}

/** @throws {UserError} samples that nothing can be computed of */
function checkSample(place: string, iterations: Float64Array, times: Float64Array): void {
  if (iterations.length !== times.length) {
    throw new UserError(`${place} has ${iterations.length} iters but ${times.length} times`);
  }
  if (times.length < 2) {
    throw new UserError(`${place} has ${times.length} samples: two at least are needed`, {
      hint: 'measure again with a larger --sample-size',
    });
  }
  const idle = iterations.findIndex((count) => !(count > 0 && count < Number.POSITIVE_INFINITY));
  if (idle >= 0) throw new UserError(`${place}: iters[${idle}] is ${iterations[idle]}, not a number above 0`);
  const timeless = times.findIndex((time) => !(time > 0 && time < Number.POSITIVE_INFINITY));
  if (timeless >= 0) {
    throw new UserError(`${place}: times[${timeless}] is ${times[timeless]}, not a time`, {
      hint: 'nothing takes no time: see how the benchmark measures',
    });
  }
}

function readEstimates(json: JsonValue): Estimates {
  const slope = json.member('slope') ?? json.member('Slope');
  return {
    mean: readEstimate(either(json, 'mean', 'Mean')),
    median: readEstimate(either(json, 'median', 'Median')),
    std_dev: readEstimate(either(json, 'std_dev', 'StdDev')),
    median_abs_dev: readEstimate(either(json, 'median_abs_dev', 'MedianAbsDev')),
    ...(slope === undefined ? {} : { slope: readEstimate(slope) }),
  };
}

function either(json: JsonValue, name: string, oldName: string): JsonValue {
  return json.member(oldName) ?? json.at(name);
}

function readEstimate(json: JsonValue): Estimate {
  const interval = json.at('confidence_interval');
  return {
    point: json.numberOrNaN('point_estimate'),
    standardError: json.numberOrNaN('standard_error'),
    lower: interval.numberOrNaN('lower_bound'),
    upper: interval.numberOrNaN('upper_bound'),
    confidenceLevel: interval.numberOrNaN('confidence_level'),
  };
}

function readFences(json: JsonValue): Fences {
  const fences = json.exactNumbers();
  if (fences.length !== 4) throw json.not('a list of four numbers');
  return [fences[0]!, fences[1]!, fences[2]!, fences[3]!];
}
