import { hasHardwareCounters } from '../collectors/hardware-counters.ts';
import type { StatSubject } from '../collectors/perf-stat.ts';
import { EXIT, UserError } from '../errors.ts';
import { onInterrupts } from '../processes/interrupts.ts';
import { runStep } from '../processes/run-step.ts';
import { exitCodeOf, type TargetExit } from '../processes/target.ts';
import { type CountedRun, combineRuns } from '../profile/counters/combine-runs.ts';
import type { CounterRuns } from '../profile/counters/counter-runs.ts';
import { eventName } from '../profile/counters/event-name.ts';
import { WHOLE_SYSTEM } from '../profile/counters/verdicts.ts';
import type { Counting, OneRun } from './perf-stat-counting.ts';

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
export async function measure(subject: StatSubject, counting: Counting, repeating: Repeating): Promise<Measurement> {
  const [measurement] = await measureInTurns([subject], counting, repeating, () => [0]);
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
  counting: Counting,
  repeating: Repeating,
  order: (turn: number) => readonly number[],
): Promise<Measurement[]> {
  let interrupted = false;
  const release = onInterrupts(({ count }) => {
    // Between two runs; while one runs the signal is its own
    interrupted = true;
    if (count > 1) process.exit(EXIT.interrupted);
  });
  const runs: CountedRun[][] = subjects.map(() => []);
  const exits: TargetExit[][] = subjects.map(() => []);
  const notes = new Set<string>();
  const once = async (subject: StatSubject): Promise<OneRun> => {
    if (repeating.prepare !== undefined) await runStep(repeating.prepare, '--prepare');
    const run = await counting.run(subject);
    interrupted ||= run.interrupted;
    return run;
  };
  try {
    for (let turn = 0; turn < repeating.warmup && !interrupted; turn++) {
      for (const side of order(turn)) if (!interrupted) await once(subjects[side]!);
    }
    for (let turn = 0; turn < repeating.repeat && !interrupted; turn++) {
      for (const side of order(turn)) {
        if (interrupted) break;
        const run = await once(subjects[side]!);
        if (interrupted && (turn > 0 || subjects.length > 1)) break;
        runs[side]!.push(run.counted);
        for (const note of run.notes) notes.add(note);
        if (run.exit !== undefined) exits[side]!.push(run.exit);
      }
    }
  } finally {
    release();
    await counting.dispose();
  }
  const turns = Math.min(...runs.map(({ length }) => length));
  if (turns === 0) throw new UserError('interrupted before anything was counted', { exitCode: EXIT.interrupted });
  if (repeating.repeat > turns) notes.add(`interrupted: ${turns} of ${repeating.repeat} runs were counted`);
  return subjects.map((subject, side) => {
    const counted = runs[side]!.slice(0, turns);
    const failed = exits[side]!.filter((exit) => exitCodeOf(exit) !== 0);
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
