import type { CommandComparison, CommandTable } from '../../bench/commands/compare-commands.ts';
import type { CommandSummary, ShellCost, Spread } from '../../bench/commands/summary.ts';
import { warningsOf } from '../../bench/commands/warnings.ts';
import type { AdjustedVerdict } from '../../bench/pairs/adjust-verdicts.ts';
import type { PairedVerdict } from '../../bench/pairs/verdict.ts';
import { type BenchResultJson, pairedChangeJson } from '../../bench/result-json.ts';

/** One command of `bench --json`: the shape of every benchmark, and what is known of programs beside. */
export interface CommandJson extends BenchResultJson {
  readonly command: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly runs: number;
  /** Nanoseconds of each run: `taskClock` is user and system time together. */
  readonly times: readonly number[];
  readonly taskClock: readonly number[];
  readonly exitCodes: readonly number[];
  readonly cpu: Spread;
  /** Means. */
  readonly user: number;
  readonly system: number;
  /** Bytes: the most that it, or a child of it, held in each run. */
  readonly peakMemory: readonly number[];
  /** Medians. */
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly failure?: string;
  readonly warnings: readonly string[];
  readonly comparison?: {
    readonly reference: string;
    /** By which time the verdict is. */
    readonly measure: 'wall' | 'cpu';
    readonly wall?: PairedVerdict;
    readonly cpu?: PairedVerdict;
    readonly verdict?: AdjustedVerdict;
  };
}

/** @param result estimates of its times: nothing of a command that has not run */
export function commandJson(
  summary: CommandSummary,
  result: BenchResultJson,
  shell: ShellCost | undefined,
  table: CommandTable | undefined,
): CommandJson {
  const { command, runs, failure } = summary;
  const row = table?.others.find((other) => other.summary === summary);
  return {
    ...result,
    command: command.commandLine,
    parameters: Object.fromEntries(command.parameters),
    runs: runs.length,
    times: [...summary.times],
    taskClock: [...summary.cpuTimes],
    exitCodes: runs.map(({ exitCode }) => exitCode),
    cpu: summary.cpu,
    user: summary.user,
    system: summary.system,
    peakMemory: runs.map(({ maxRss }) => maxRss),
    minorFaults: summary.minorFaults,
    majorFaults: summary.majorFaults,
    voluntarySwitches: summary.voluntarySwitches,
    involuntarySwitches: summary.involuntarySwitches,
    ...(failure === undefined ? {} : { failure }),
    warnings: warningsOf(summary, shell),
    ...(row?.judged === undefined ? {} : { change: pairedChangeJson(row.judged) }),
    ...(row === undefined ? {} : { comparison: comparisonOf(row, table!) }),
  };
}

function comparisonOf(
  { wall, cpu, judged }: CommandComparison,
  { reference, measure }: CommandTable,
): NonNullable<CommandJson['comparison']> {
  return {
    reference: reference.command.name,
    measure,
    ...(wall === undefined ? {} : { wall }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(judged === undefined ? {} : { verdict: judged }),
  };
}
