import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { interruptedTooSoon } from '../../bench/commands/run-command.ts';
import {
  COUNT_NOISE,
  type CountComparison,
  type Counts,
  compareCounts,
} from '../../bench/instructions/compare-counts.ts';
import { instructionsPerIteration, iterationCounts, type ProcessCount } from '../../bench/instructions/slope.ts';
import type { Found, Unloadable } from '../../bench/runner/found.ts';
import { type MeasuringSettings, measureOnce, newSide } from '../../bench/runner/side.ts';
import { runBenchmark } from '../../bench/runner/worker.ts';
import { REPEATABLE_NODE } from '../../collectors/callgrind.ts';
import { EXIT, UserError } from '../../errors.ts';
import { callgrindTotals } from '../../formats/callgrind/totals.ts';
import { openInput } from '../../formats/input.ts';
import { openOutput } from '../../output.ts';
import { findTool } from '../../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';
import { countsJson, countsText } from '../../render/command-runs/counts-text.ts';
import { forLocale } from '../../terminal/ascii.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { Interruption, notMeasured } from './interrupted.ts';

/** Each process is counted so often: what differs between them is told. */
const REPEATS = 2;
/** Valgrind is that much slower than the processor, and some more while V8 compiles. */
const SLOWER = 100;

/** What is counted, against what, and what counts as a change. */
export interface CountedFiles {
  readonly chosen: readonly Found[];
  readonly unloadable: readonly Unloadable[];
  /** By title. */
  readonly base: ReadonlyMap<string, Found> | undefined;
  readonly settings: MeasuringSettings;
  readonly noise: number | undefined;
  readonly failOnRegression: boolean | number | undefined;
  readonly color: boolean | undefined;
}

/**
 * Counts the instructions of an iteration of benchmarks in files: optimised code, in valgrind's simulation, by the slope
 * between two numbers of iterations.
 * @returns the exit code: 1 where one failed, or needs more than it was to
 * @throws {UserError} 125 there is no valgrind
 */
export async function countBenchmarks(call: Call, asked: CountedFiles, progress: Progress): Promise<number> {
  const valgrind = findTool('valgrind');
  if (valgrind === undefined) {
    throw new UserError('valgrind is not installed, which counts instructions', {
      hint: 'apt-get install valgrind',
      exitCode: EXIT.cannotCollect,
    });
  }
  const counted: Counts[] = [];
  const compared: CountComparison[] = [];
  const failures = asked.unloadable.map(({ file, failure }) => ({ name: file, what: failure.what }));
  const interruption = new Interruption(progress);
  const done: { readonly found: Found }[] = [];
  const count = async (found: Found, name: string): Promise<Counts | undefined> => {
    const tell = (line: string): void => progress.show(`${name}: ${line}`);
    const values = await countOne(valgrind, found, asked.settings, { tell, interruption });
    if (typeof values === 'string') {
      // What a Ctrl-C has ended has not failed
      if (!interruption.asked) failures.push({ name, what: values });
      return undefined;
    }
    const counts = { name, values };
    counted.push(counts);
    return counts;
  };
  interruption.listen();
  for (const found of asked.chosen) {
    if (interruption.asked) break;
    const base = asked.base?.get(found.id.title);
    const before = base === undefined ? undefined : await count(base, `${found.id.title} (base)`);
    const after = await count(found, found.id.title);
    if (after !== undefined || !interruption.asked) done.push({ found });
    if (before !== undefined && after !== undefined) {
      compared.push(compareCounts(before, after, asked.noise ?? COUNT_NOISE));
    }
  }
  interruption.release();
  progress.end();
  if (interruption.asked && counted.length === 0) interruptedTooSoon();
  const output = openOutput('-', call.world);
  if (call.shared.json) {
    const failed = failures.map(({ name, what }) => ({ name, error: { message: what } }));
    await output.write([`${JSON.stringify([...countsJson(counted, compared), ...failed], null, 2)}\n`]);
  } else if (!call.shared.quiet) {
    const who = 'callgrind, an iteration';
    const look = textLook(call.world, true, asked.color);
    await output.write([forLocale(countsText(counted, compared, who, look), look)]);
  }
  for (const { name, what } of failures) progress.say(`${name}: ${what}`);
  const rest = interruption.asked ? notMeasured(asked.chosen, done) : undefined;
  if (rest !== undefined) progress.say(`note: ${rest}`);
  const limit = typeof asked.failOnRegression === 'number' ? asked.failOnRegression / 100 : 0;
  const worse = compared.filter(({ verdict, ratio }) => verdict === 'regressed' && ratio - 1 > limit);
  const gated = asked.failOnRegression !== undefined && asked.failOnRegression !== false && worse.length > 0;
  return failures.length > 0 || gated ? EXIT.gateFailed : EXIT.ok;
}

/** @returns instructions an iteration, one number a pair of processes; a text: why not */
async function countOne(
  valgrind: string,
  found: Found,
  settings: MeasuringSettings,
  { tell, interruption }: { readonly tell: (line: string) => void; readonly interruption: Interruption },
): Promise<number[] | string> {
  tell('how long it takes');
  const side = newSide(found);
  if (!(await measureOnce(side, settings))) return side.failure?.what ?? 'it did not run';
  const [few, many] = iterationCounts(side.medians);
  const values: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const pair: ProcessCount[] = [];
    for (const iterations of [few, many]) {
      if (interruption.asked) return 'interrupted';
      tell(`counting ${iterations} iterations in valgrind, pair ${repeat + 1} of ${REPEATS}`);
      const instructions = await countProcess(valgrind, found, iterations, settings.timeout * SLOWER);
      if (typeof instructions === 'string') return instructions;
      // Warming up iterates as often again
      pair.push({ iterations: 2 * iterations, instructions });
    }
    values.push(instructionsPerIteration(pair[0]!, pair[1]!));
  }
  return values;
}

/** All instructions of one process that iterates so often, and of threads of its own; a text: why not. */
async function countProcess(
  valgrind: string,
  found: Found,
  iterations: number,
  timeout: number,
): Promise<number | string> {
  const folder = await makePrivateDir();
  try {
    const [node, ...flags] = found.place.node;
    const words = [
      ...[valgrind, '--tool=callgrind', '--vgdb=no', `--log-file=${folder.replaceAll('%', '%%')}/log`],
      `--callgrind-out-file=${folder.replaceAll('%', '%%')}/%p.out`,
      ...[node!, ...REPEATABLE_NODE, ...flags],
    ];
    const task = {
      kind: 'count',
      file: found.url,
      index: found.listed.index,
      iterations,
      warmUpTime: 0,
      measurementTime: 0,
      sampleSize: 1,
    } as const;
    const { failure } = await runBenchmark(task, { ...found.place, node: words }, { timeout });
    if (failure !== undefined) return failure.what;
    let sum = 0;
    for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.out'))) {
      const totals = await callgrindTotals(await openInput(join(folder, name)));
      sum += totals.get('Ir') ?? 0;
    }
    return sum > 0 ? sum : 'valgrind counted nothing';
  } finally {
    await removePrivateDir(folder);
  }
}
