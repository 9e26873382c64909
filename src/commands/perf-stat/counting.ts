import { readFileSync } from 'node:fs';
import { type CallgrindOptions, collectCallgrind } from '../../collectors/callgrind.ts';
import { hasHardwareCounters } from '../../collectors/hardware-counters.ts';
import { PerfStat, type StatArtefact, type StatSubject } from '../../collectors/perf-stat.ts';
import { probeEvents } from '../../collectors/perf-stat-probe.ts';
import { CSV_SEPARATOR } from '../../collectors/perf-stat-process.ts';
import { EXIT, UserError } from '../../errors.ts';
import { callgrindTotals } from '../../formats/callgrind/totals.ts';
import { openInput } from '../../formats/input.ts';
import { machineRows } from '../../formats/perf-stat/rows.ts';
import type { TargetExit } from '../../processes/target.ts';
import { callgrindMeasured } from '../../profile/counters/callgrind-counters.ts';
import type { CountedRun } from '../../profile/counters/combine-runs.ts';
import type { CounterRow } from '../../profile/counters/counter-row.ts';
import type { MeasureOptions } from './options.ts';

/** One run of a program, or one look at what ran already. */
export interface OneRun {
  readonly counted: CountedRun;
  /** How the program ended by itself; undefined where it was stopped, or was no program of ours. */
  readonly exit: TargetExit | undefined;
  /** The person stopped it before its time. */
  readonly interrupted: boolean;
  readonly notes: readonly string[];
}

/** Whoever counts: perf with the kernel, or callgrind. */
export interface Counting {
  /** @throws {UserError} 125, 126, 127, 130 */
  run(subject: StatSubject): Promise<OneRun>;
  dispose(): Promise<void>;
}

/** What is known where runs are repeated. */
export interface Repetition {
  /** True where the person has pressed Ctrl-C between two runs. */
  cancelled(): boolean;
  /** Which of several runs: `, run 2 of 5`. */
  label(): string;
}

export type OpenCounting = (repetition: Repetition) => Promise<Counting>;

/** Stopped this much before its time, it was not the time that stopped it: seconds. */
const EARLY = 0.02;

const WHOLE_MACHINE =
  "--all-cpus: perf's counts are of all that ran on the machine meanwhile; memory, user and system time, minor and major faults are the program's own";

/**
 * Counts with perf stat and what the kernel accounts.
 * @throws {UserError} 125 events were asked for and none can be counted
 */
export async function perfCounting(options: MeasureOptions, { cancelled, label }: Repetition): Promise<Counting> {
  const { events } = options;
  if (events !== undefined) checkSupported(await probeEvents(events));
  const progress = (elapsed: number): void => options.progress(elapsed, label());
  const stat = await PerfStat.open({ ...options, progress, cancelled });
  return {
    async run(subject) {
      const artefact = await stat.run(subject);
      return {
        counted: { ...artefact, rows: rowsOf(artefact) },
        exit: artefact.stopped ? undefined : artefact.exit,
        interrupted: artefact.stopped && !timeWasUp(artefact, options),
        notes: options.allCpus && 'program' in subject ? [...artefact.notes, WHOLE_MACHINE] : artefact.notes,
      };
    },
    dispose: () => stat.dispose(),
  };
}

const SIMULATED =
  "counted by valgrind's simulation of a processor, exactly: what the kernel does for the program is not in it, and times under it mean nothing";
const NODE_FLAGS =
  'node runs without threads and chance of its own (--predictable --single-threaded), as counts would differ';

/** Counts with valgrind's callgrind, the programs that the program starts included. */
export async function callgrindCounting(
  options: MeasureOptions,
  callgrind: CallgrindOptions,
  { label }: Repetition,
): Promise<Counting> {
  const progress = (elapsed: number, detail: string): void => options.progress(elapsed, `${label()} ${detail}`);
  return {
    async run(subject) {
      if (!('program' in subject)) {
        throw new UserError('callgrind counts a program from its start', { hint: 'give the program after --' });
      }
      const artefact = await collectCallgrind(
        subject.program,
        { ...callgrind, repeatable: true },
        { ...options, progress },
      );
      try {
        const sums = new Map<string, number>();
        for (const file of artefact.files) {
          const totals = await callgrindTotals(await openInput(file));
          for (const [event, total] of totals) sums.set(event, (sums.get(event) ?? 0) + total);
        }
        return {
          counted: { rows: [], measured: callgrindMeasured(sums), threads: [], series: [] },
          exit: artefact.stopped ? undefined : artefact.exit,
          interrupted: artefact.stopped && !timeWasUp(artefact, options),
          notes: [...artefact.notes, SIMULATED, ...(artefact.changed ? [NODE_FLAGS] : [])],
        };
      } finally {
        await artefact.dispose();
      }
    },
    dispose: async () => {},
  };
}

function timeWasUp(
  { duration }: { readonly duration: number },
  { durationSeconds, loadDone }: MeasureOptions,
): boolean {
  if (loadDone?.()) return true;
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
