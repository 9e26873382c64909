import { readFileSync } from 'node:fs';
import { hasHardwareCounters } from '../collectors/hardware-counters.ts';
import { PerfStat, type StatArtefact, type StatOptions, type StatSubject } from '../collectors/perf-stat.ts';
import { probeEvents } from '../collectors/perf-stat-probe.ts';
import { CSV_SEPARATOR } from '../collectors/perf-stat-process.ts';
import { EXIT, UserError } from '../errors.ts';
import { machineRows } from '../formats/perf-stat/rows.ts';
import { onInterrupts } from '../processes/interrupts.ts';
import { runStep } from '../processes/run-step.ts';
import { exitCodeOf, type TargetExit } from '../processes/target.ts';
import { type CountedRun, combineRuns } from '../profile/counters/combine-runs.ts';
import type { CounterRow } from '../profile/counters/counter-row.ts';
import type { CounterRuns } from '../profile/counters/counter-runs.ts';
import { eventName } from '../profile/counters/event-name.ts';
import { WHOLE_SYSTEM } from '../profile/counters/verdicts.ts';

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

/** Stopped this much before its time, it was not the time that stopped it: seconds. */
const EARLY = 0.02;

/**
 * Counts a program run by run, or what runs already until it ends or the person stops it. An interrupted run among
 * several is left out, as it is not one of them; the runs before it are kept.
 * @throws {UserError} 125 events were asked for and none can be counted; 126, 127, 130
 */
export async function measure(subject: StatSubject, options: StatOptions, repeating: Repeating): Promise<Measurement> {
  const [measurement] = await measureInTurns([subject], options, repeating, () => [0]);
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
  options: StatOptions,
  repeating: Repeating,
  order: (turn: number) => readonly number[],
): Promise<Measurement[]> {
  const { events } = options;
  if (events !== undefined) checkSupported(await probeEvents(events));
  let interrupted = false;
  const release = onInterrupts(({ count }) => {
    // Between two runs; while one runs the signal is its own
    interrupted = true;
    if (count > 1) process.exit(EXIT.interrupted);
  });
  const stat = await PerfStat.open(options);
  const runs: CountedRun[][] = subjects.map(() => []);
  const exits: TargetExit[][] = subjects.map(() => []);
  const notes = new Set<string>();
  const once = async (subject: StatSubject): Promise<StatArtefact> => {
    if (repeating.prepare !== undefined) await runStep(repeating.prepare, '--prepare');
    const artefact = await stat.run(subject);
    interrupted ||= artefact.stopped && !timeWasUp(artefact, options);
    return artefact;
  };
  try {
    for (let turn = 0; turn < repeating.warmup && !interrupted; turn++) {
      for (const side of order(turn)) if (!interrupted) await once(subjects[side]!);
    }
    for (let turn = 0; turn < repeating.repeat && !interrupted; turn++) {
      for (const side of order(turn)) {
        if (interrupted) break;
        const artefact = await once(subjects[side]!);
        if (interrupted && (turn > 0 || subjects.length > 1)) break;
        runs[side]!.push({ ...artefact, rows: rowsOf(artefact) });
        for (const note of artefact.notes) notes.add(note);
        if (artefact.exit !== undefined && !artefact.stopped) exits[side]!.push(artefact.exit);
      }
    }
  } finally {
    release();
    await stat.dispose();
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

function timeWasUp({ duration }: StatArtefact, { durationSeconds }: StatOptions): boolean {
  return durationSeconds !== undefined && duration / 1e9 >= durationSeconds - EARLY;
}

function rowsOf({ counts }: StatArtefact): readonly CounterRow[] {
  if (counts === undefined) return [];
  const layout =
    counts.layout === 'json' ? { kind: 'json' as const } : { kind: 'csv' as const, separator: CSV_SEPARATOR };
  const { rows, strange } = machineRows(readFileSync(counts.file, 'utf8'), layout);
  if (strange.length === 0 && rows.length > 0) return rows;
  throw new UserError(`perf stat wrote something that is not understood (line ${strange[0] ?? 1})`, {
    hint: 'please report it with what `perf --version` prints',
    exitCode: EXIT.cannotCollect,
  });
}

/** @throws {UserError} none of the events can be counted */
function checkSupported(found: ReadonlyMap<string, boolean>): void {
  if ([...found.values()].includes(true)) return;
  const hardware = hasHardwareCounters();
  throw new UserError(
    `${[...found.keys()].join(', ')}: cannot be counted here${hardware ? '' : ', there are no hardware counters (a virtual machine?)'}`,
    {
      hint: 'pforge-prof perf-stat --list shows what can',
      exitCode: EXIT.cannotCollect,
    },
  );
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
