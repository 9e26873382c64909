import { type AdjustedVerdict, adjustVerdicts } from '../pairs/adjust-verdicts.ts';
import { comparePairs, isDecided } from '../pairs/compare-pairs.ts';
import type { PairedVerdict, VerdictOptions } from '../pairs/verdict.ts';
import { type CommandSummary, relativeSpread } from './summary.ts';
import { NOISY } from './warnings.ts';

/** Programs that compute for this part of their time, and for no more than so many times of it, wait for nobody. */
const BUSY = 0.8;
const ONE_THREAD = 1.5;
/** So many times as steady is steadier, and no chance of a dozen runs. */
const STEADIER = 1.25;

/** By which time commands are compared. */
type TimeMeasure = 'wall' | 'cpu';

export interface CompareOptions extends VerdictOptions {
  /** undefined = CPU time where wall time is noisy, see {@link measureFor}. */
  readonly measure?: TimeMeasure;
  /** With how many turns one stops in any case. */
  readonly maxPairs: number;
  /** How many programs want each processor: programs take so many times as long as they compute. At least 1. */
  readonly crowd: number;
}

/** One command against the reference. */
export interface CommandComparison {
  readonly summary: CommandSummary;
  /** By either time; undefined where one of them took no time at all, or has failed. */
  readonly wall: PairedVerdict | undefined;
  readonly cpu: PairedVerdict | undefined;
  /** By {@link CommandTable.measure}, adjusted for the number of comparisons. */
  readonly judged: AdjustedVerdict | undefined;
}

/** All commands against the first of them. */
export interface CommandTable {
  readonly reference: CommandSummary;
  readonly others: readonly CommandComparison[];
  readonly measure: TimeMeasure;
  /** Why CPU time decides though nobody asked for it. */
  readonly reason?: string;
}

/**
 * Compares commands that were run in turns, turn by turn.
 * @param summaries the reference first
 */
export function compareCommands(summaries: readonly CommandSummary[], options: CompareOptions): CommandTable {
  const [reference, ...others] = summaries;
  const { measure, reason } =
    options.measure === undefined
      ? measureFor(summaries, options.crowd)
      : { measure: options.measure, reason: undefined };
  const compared = others.map((summary) => ({
    summary,
    wall: verdictOf(reference!.times, summary.times, options, [reference!, summary]),
    cpu: verdictOf(reference!.cpuTimes, summary.cpuTimes, options, [reference!, summary]),
  }));
  const judged = adjustVerdicts(
    compared.map((row) => row[measure]),
    options.budget === undefined ? {} : { budget: options.budget },
  );
  return {
    reference: reference!,
    others: compared.map((row, at) => ({ ...row, judged: judged[at] })),
    measure,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Whether every comparison has its verdict, so that no more turns are needed. */
export function allDecided(summaries: readonly CommandSummary[], options: CompareOptions): boolean {
  const { others, measure } = compareCommands(summaries, options);
  return others.every((row) => {
    const verdict = row[measure];
    return verdict === undefined ? row.summary.failure !== undefined : isDecided(verdict, options);
  });
}

/**
 * CPU time, where wall time spreads several times as much: then programs were kept waiting, which says nothing of them.
 * Not where they spend much of their time waiting themselves. Where they compute all the time, in one thread or little more, both
 * times tell the same, and the steadier one decides. Only spreads decide here, never which one is faster.
 */
function measureFor(summaries: readonly CommandSummary[], crowd: number): { measure: TimeMeasure; reason?: string } {
  const ran = summaries.filter(({ runs }) => runs.length > 1);
  if (ran.length === 0) return { measure: 'wall' };
  const wall = Math.max(...ran.map(({ times }) => relativeSpread(times)));
  const cpu = Math.max(...ran.map(({ cpuTimes }) => relativeSpread(cpuTimes)));
  // On a busy machine all runs wait, whatever they do; even the quickest may have waited as long as all take turns
  const computing = (part: number): boolean =>
    ran.every((summary) => summary.cpu.median * crowd > summary.wall.min * part);
  const alone = computing(BUSY) && ran.every((summary) => summary.cpu.median < summary.wall.median * ONE_THREAD);
  if (!computing(1 / 2) || !(wall > (alone ? STEADIER : NOISY) * cpu)) return { measure: 'wall' };
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  return { measure: 'cpu', reason: `wall time varies by ${percent(wall)} here, CPU time by ${percent(cpu)}` };
}

function verdictOf(
  base: Float64Array,
  head: Float64Array,
  options: CompareOptions,
  sides: readonly CommandSummary[],
): PairedVerdict | undefined {
  const k = Math.min(base.length, head.length);
  if (k < 2 || sides.some(({ failure }) => failure !== undefined)) return undefined;
  const logs = new Float64Array(k);
  for (let i = 0; i < k; i++) logs[i] = Math.log(head[i]! / base[i]!);
  // A run that took no time (a shell's start taken off, CPU time below the kernel's grid) has no ratio
  return logs.every(Number.isFinite) ? comparePairs(logs, options) : undefined;
}
