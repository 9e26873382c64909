import { hasHardwareCounters } from '../../collectors/hardware-counters.ts';
import type { StatSubject } from '../../collectors/perf-stat.ts';
import { EXIT, UserError } from '../../errors.ts';
import { onInterrupts } from '../../processes/interrupts.ts';
import { runStep } from '../../processes/run-step.ts';
import { exitCodeOf, type TargetExit } from '../../processes/target.ts';
import { type CountedRun, combineRuns } from '../../profile/counters/combine-runs.ts';
import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { eventName } from '../../profile/counters/event-name.ts';
import { WHOLE_SYSTEM } from '../../profile/counters/verdicts.ts';
import type { Counting, OneRun, OpenCounting } from './counting.ts';

/** How often the program is run, and what comes before. */
export interface Repeating {
  readonly repeat: number;
  readonly warmup: number;
  /** Words of a command that is run before each run. */
  readonly prepare?: readonly string[];
}

/** What was counted, and how the program ended. */
export interface Measurement {
  readonly runs: CounterRuns;
  /** Of the first run that did not end well; what our own exit code is once the result is written. */
  readonly exitCode: number;
}

/**
 * Counts a program run by run, or what runs already until it ends or the person stops it. An interrupted run among
 * several is left out, as it is not one of them; the runs before it are kept.
 * @throws {UserError} 125, 126, 127, 130
 */
export async function measure(subject: StatSubject, open: OpenCounting, repeating: Repeating): Promise<Measurement> {
  const [measurement] = await measureInTurns([subject], open, repeating, () => [0]);
  return measurement!;
}

/**
 * Counts several programs in turns: one run of each, then the next of each. Runs that were interrupted are left out,
 * with those of the same turn, so that run i of all was made at the same time.
 * @param order of the subjects within each turn, as indexes
 * @returns one for each subject
 * @throws {UserError} as {@link measure}
 */
export async function measureInTurns(
  subjects: readonly StatSubject[],
  open: OpenCounting,
  repeating: Repeating,
  order: (turn: number) => readonly number[],
): Promise<Measurement[]> {
  const sides = await runAll(subjects, open, repeating, order);
  const turns = Math.min(...sides.map(({ length }) => length));
  if (turns === 0) throw new UserError('interrupted before anything was counted', { exitCode: EXIT.interrupted });
  const notes = new Set(sides.flatMap((runs) => runs.flatMap((run) => run.notes)));
  if (repeating.repeat > turns) notes.add(`interrupted: ${turns} of ${repeating.repeat} runs were counted`);
  return subjects.map((subject, side) => {
    const runs = sides[side]!.slice(0, turns);
    const counted = runs.map((run) => run.counted);
    const failed = runs.flatMap(({ exit }) => (exit === undefined || exitCodeOf(exit) === 0 ? [] : [exit]));
    const own = new Set(notes);
    if (failed.length > 0) own.add(failures(failed, turns));
    const missing = whyMissing(counted);
    if (missing !== undefined) own.add(missing);
    return {
      runs: combineRuns(counted, { ...aboutSubject(subject), notes: [...own] }),
      exitCode: failed.length === 0 ? EXIT.ok : exitCodeOf(failed[0]!),
    };
  });
}

/** @returns the runs of each subject, in turns; of the last turn some may be missing */
async function runAll(
  subjects: readonly StatSubject[],
  open: OpenCounting,
  { repeat, warmup, prepare }: Repeating,
  order: (turn: number) => readonly number[],
): Promise<OneRun[][]> {
  let interrupted = false;
  // Between two runs; while one runs the signal is its own
  const release = onInterrupts(({ count }) => {
    interrupted = true;
    if (count > 1) process.exit(EXIT.interrupted);
  });
  let label = '';
  const sides: OneRun[][] = subjects.map(() => []);
  let counting: Counting | undefined;
  try {
    counting = await open({ cancelled: () => interrupted, label: () => label });
    for (let turn = -warmup; turn < repeat; turn++) {
      label = labelOf(turn, warmup, repeat);
      for (const side of order(turn + warmup)) {
        if (interrupted) return sides;
        if (prepare !== undefined) await runStep(prepare, '--prepare');
        const run = await counting.run(subjects[side]!);
        interrupted ||= run.interrupted;
        // What was cut off is not one of several runs
        const several = sides[side]!.length > 0 || subjects.length > 1;
        if (turn >= 0 && !(interrupted && several)) sides[side]!.push(run);
      }
    }
  } catch (error) {
    // Ctrl-C also ends a command of --prepare, and a program that has not begun
    if (!interrupted) throw error;
  } finally {
    release();
    await counting?.dispose();
  }
  return sides;
}

function labelOf(turn: number, warmup: number, repeat: number): string {
  if (repeat + warmup === 1) return '';
  return turn < 0 ? `, warm-up ${turn + warmup + 1} of ${warmup}` : `, run ${turn + 1} of ${repeat}`;
}

function aboutSubject(subject: StatSubject): Pick<CounterRuns, 'command' | 'subject'> {
  if ('program' in subject) return { command: subject.program };
  return { subject: 'pid' in subject ? `process id ${subject.pid}` : WHOLE_SYSTEM };
}

function failures(failed: readonly TargetExit[], runs: number): string {
  const [first] = failed;
  const how = first!.signal === undefined ? `exited ${first!.code}` : `was killed by ${first!.signal}`;
  return runs === 1 ? `the program ${how}` : `${failed.length} of ${runs} runs failed: the first of them ${how}`;
}

/** Why perf has no number for some events: one line. */
function whyMissing(runs: readonly CountedRun[]): string | undefined {
  const rows = runs[0]!.rows;
  const missing = new Set(
    rows.filter(({ value }) => value === 'not supported').map(({ event }) => eventName(event).event),
  );
  if (missing.size === 0) return undefined;
  if (missing.has('task-clock') || missing.has('cpu-clock')) {
    return 'this kernel refuses perf events (gVisor, WSL1, a seccomp filter?): what it accounts itself is told';
  }
  if (!hasHardwareCounters()) {
    return 'no hardware counters here (a virtual machine without them?): cycles, instructions, branches and caches have no numbers';
  }
  return `this processor does not count ${[...missing].join(', ')}; pforge-prof perf-stat --list shows what it does`;
}
