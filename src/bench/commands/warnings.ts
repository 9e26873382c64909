import { median } from '../../statistics/quantile.ts';
import { type CommandSummary, relativeSpread, type ShellCost } from './summary.ts';

/** Farther from the median than so many (normal) deviations of the middle half: hyperfine's measure of an outlier. */
const OUTLIER = 10;
/** A median absolute deviation of normally distributed numbers is their standard deviation divided by this. */
const NORMAL = 1.4826;
/** Wall time that varies so many times as much as CPU time was made to wait for something. */
export const NOISY = 3;
/** Below this many runs spreads and intervals say little. */
const FEW_RUNS = 10;
/** A median of fewer nanoseconds cannot be told from what the shell takes to start. */
const SHORT_IN_SHELL = 5e6;
/** A program has a start too; one that takes less than this is mostly that. */
const SHORT = 1e6;

/** What about the runs of a command may mislead, each with what to do about it. */
export function warningsOf(summary: CommandSummary, shell?: ShellCost): string[] {
  const { runs, times, wall, cpu, command } = summary;
  if (runs.length === 0) return [];
  const found: string[] = [];
  const failed = runs.filter(({ exitCode }) => exitCode !== 0).length;
  if (failed > 0) {
    const codes = [...new Set(runs.map(({ exitCode }) => exitCode))].filter((code) => code !== 0);
    found.push(`${failed} of ${runs.length} runs failed (exit code ${codes.join(', ')}) and count all the same`);
  }
  if (shell !== undefined && wall.median < SHORT_IN_SHELL) {
    found.push(
      `less than ${SHORT_IN_SHELL / 1e6} ms beside the ${(shell.wall / 1e6).toFixed(1)} ms that the shell itself takes: leave --shell out`,
    );
  } else if (shell === undefined && wall.median < SHORT) {
    found.push(
      'less than 1 ms, which is mostly what the kernel takes to start a program: let it do more work in one run',
    );
  }
  if (runs.length < FEW_RUNS) {
    const count = runs.length === 1 ? 'a single run' : `only ${runs.length} runs`;
    found.push(`${count}: intervals are wide, outliers go unseen`);
  }
  found.push(...outliers(times, command.prepare !== undefined));
  const waits = relativeSpread(times) / relativeSpread(summary.cpuTimes);
  if (waits > NOISY && cpu.median > wall.min / 2) {
    found.push(
      `wall time varies ${waits.toFixed(0)} times as much as CPU time: other programs keep it waiting; close them, or look at CPU time`,
    );
  }
  return found;
}

function outliers(times: Float64Array, prepared: boolean): string[] {
  const middle = median(times);
  const spread = median(times.map((time) => Math.abs(time - middle))) * NORMAL;
  if (!(spread > 0)) return [];
  const isFar = (time: number): boolean => Math.abs(time - middle) / spread > OUTLIER;
  const ms = (time: number): string => `${(time / 1e6).toFixed(1)} ms`;
  if (isFar(times[0]!) && times[0]! > middle) {
    const what = prepared ? 'what --prepare does may not bring about the same state' : 'give --warmup 3 to fill caches';
    return [`the first run took ${ms(times[0]!)}, far more than the rest: ${what}`];
  }
  const far = times.filter(isFar);
  if (far.length === 0) return [];
  return [
    `${far.length} of ${times.length} runs are far off (${ms(Math.max(...far))}): other programs were at work; the median does not care`,
  ];
}
