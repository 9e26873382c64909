import type { Samples } from '../../preload/bench/messages.ts';
import { mean, variance } from '../../statistics/moments.ts';
import { median, sorted } from '../../statistics/quantile.ts';
import type { Failure } from './failure.ts';
import type { Side } from './side.ts';

/** What may be wrong with a number, and what to do about it. */
export interface Warning {
  /** For machines: stays the same. */
  readonly kind:
    | 'unsteady'
    | 'dead-code'
    | 'clock'
    | 'garbage'
    | 'drift'
    | 'two-levels'
    | 'spread'
    | 'deoptimised'
    | 'prints'
    | 'busy-machine'
    | 'few-samples'
    | 'interrupted'
    | 'apart';
  readonly text: string;
  readonly advice: string;
}

/** As often as this many times an empty iteration: no work is left in it. */
const NO_WORK = 1.6;
const CLOCK_SHARE = 0.02;
const GARBAGE_SHARE = 0.3;
const DRIFT = 0.03;
const LEVELS_APART = 0.03;
const SPREAD = 0.05;
/** Samples of a process; and nanoseconds of an iteration that is far longer than a sample should be. */
const FEW = 10;
const SLOW = 1e6;
/** Part of processes that must show something before it is told. */
const MANY = 0.4;

/** Looks for what makes numbers doubtful. @param side measured by one process at least */
export function warningsOf(side: Side): Warning[] {
  return [
    unsteady(side),
    deadCode(side),
    clock(side),
    garbage(side),
    drift(side),
    twoLevels(side) ?? spread(side),
    fewSamples(side),
    prints(side),
    busyMachine(side),
  ].filter((warning) => warning !== undefined);
}

function unsteady({ processes }: Side): Warning | undefined {
  const count = processes.filter(({ steady }) => !steady).length;
  if (count / processes.length < MANY) return undefined;
  return {
    kind: 'unsteady',
    text: `it had not become steady when its warm-up was over, in ${count} of ${processes.length} processes`,
    advice: 'give it longer with --warm-up-time; does each iteration do the same?',
  };
}

function deadCode({ processes, medians }: Side): Warning | undefined {
  const empty = median(processes.map(({ emptyIteration }) => emptyIteration));
  if (median(medians) > NO_WORK * empty) return undefined;
  return {
    kind: 'dead-code',
    text: 'an iteration takes no longer than an empty one: its work may have been compiled away',
    advice: 'return what it computes, and put constant inputs into blackBox()',
  };
}

/** Where inputs are made one by one the clock is looked at for each of them. */
function clock({ processes, medians, found }: Side): Warning | undefined {
  const cost = median(processes.map(({ clock: each }) => each));
  const batch = found.listed.batch;
  if (batch === undefined || cost / (median(medians) * batch) < CLOCK_SHARE) return undefined;
  return {
    kind: 'clock',
    text: `looking at the clock takes ${percent(cost / (median(medians) * batch))} of what is measured`,
    advice: 'make more inputs at once: a larger `batch`',
  };
}

function garbage({ processes }: Side): Warning | undefined {
  const share = median(processes.map(({ collecting, wall }) => collecting / wall));
  if (share < GARBAGE_SHARE) return undefined;
  return {
    kind: 'garbage',
    text: `${percent(share)} of the time goes to collecting garbage`,
    advice: 'it is part of the result; make in `before` or `setup` what is not to be measured',
  };
}

function drift({ processes }: Side): Warning | undefined {
  const changes = processes.filter(({ times }) => times.length >= 12).map(changeWhileRunning);
  const typical = median(changes);
  const alike = changes.filter((change) => Math.sign(change) === Math.sign(typical) && Math.abs(change) > DRIFT);
  if (!(Math.abs(typical) > DRIFT) || alike.length / processes.length < 0.7) return undefined;
  return {
    kind: 'drift',
    text: `it becomes ${typical > 0 ? 'slower' : 'faster'} while it runs, by ${percent(Math.abs(typical))} within ${processes[0]!.times.length} samples`,
    advice:
      typical > 0
        ? 'does what it works on grow from iteration to iteration? `setup` makes new input each time'
        : 'give it longer to warm up with --warm-up-time',
  };
}

/** The last third of the samples compared with the first. */
function changeWhileRunning({ times, iterations }: Samples): number {
  const each = times.map((time, i) => time / iterations[i]!);
  const third = Math.floor(each.length / 3);
  return median(each.slice(-third)) / median(each.slice(0, third)) - 1;
}

/** The largest gap between neighbours cuts processes into two groups that are far apart and narrow. */
function twoLevels({ medians }: Side): Warning | undefined {
  const ascending = sorted(medians.map(Math.log));
  const n = ascending.length;
  if (n < 8) return undefined;
  let cut = 1;
  for (let i = 2; i < n; i++) if (gap(ascending, i) > gap(ascending, cut)) cut = i;
  const [low, high] = [ascending.subarray(0, cut), ascending.subarray(cut)];
  if (Math.min(low.length, high.length) < Math.max(2, n / 5)) return undefined;
  const apart = mean(high) - mean(low);
  const within = Math.sqrt((variance(low) * (low.length - 1) + variance(high) * (high.length - 1)) / (n - 2));
  if (apart < LEVELS_APART || apart < 6 * within) return undefined;
  return {
    kind: 'two-levels',
    text: `processes are of two kinds, ${percent(Math.exp(apart) - 1)} apart (${low.length} fast, ${high.length} slow)`,
    advice: 'where memory or code lies decides; compare with --against, or count --metric instructions',
  };
}

function gap(ascending: Float64Array, i: number): number {
  return ascending[i]! - ascending[i - 1]!;
}

function spread({ medians }: Side): Warning | undefined {
  if (medians.length < 5) return undefined;
  const ascending = sorted(medians.map(Math.log));
  const n = ascending.length;
  // Of the middle half, in standard deviations of a normal distribution: one disturbed process is no spread
  const deviation = (ascending[Math.ceil(0.75 * (n - 1))]! - ascending[Math.floor(0.25 * (n - 1))]!) / 1.35;
  if (deviation < SPREAD) return undefined;
  return {
    kind: 'spread',
    text: `processes differ by ${percent(deviation)}`,
    advice: 'close other programs, measure in more processes (--processes), or count --metric instructions',
  };
}

/** A single process that had to wait is no reason. */
function fewSamples({ processes, medians }: Side): Warning | undefined {
  const count = median(processes.map(({ times }) => times.length));
  if (count >= FEW) return undefined;
  const samples = `${Math.round(count)} samples`;
  return {
    kind: 'few-samples',
    text: median(medians) < SLOW ? `a process takes only ${samples}` : `it is slow: a process has time for ${samples}`,
    advice: 'give it longer with --measurement-time, or take more with --sample-size',
  };
}

function prints({ printed, processes }: Side): Warning | undefined {
  if (printed === 0) return undefined;
  const each = printed / processes.length;
  const size = each < 1024 ? `${Math.ceil(each)} bytes` : `${Math.ceil(each / 1024)} KiB`;
  return { kind: 'prints', text: `it prints ${size} a process, which is measured too`, advice: 'print nothing' };
}

/** Each time the processor was taken away is a sample that is too long. */
function busyMachine({ processes }: Side): Warning | undefined {
  const used = median(processes.map(({ cpu, wall, asynchronous }) => (asynchronous ? 1 : cpu / wall)));
  if (used > 0.85) return undefined;
  return {
    kind: 'busy-machine',
    text: `its processes had a processor for ${percent(used)} of the time only`,
    advice: 'does it wait for something? if not, other programs are at work, which medians of short samples bear well',
  };
}

/** @param failure of two of its processes at the same time */
export function notTogether({ what }: Failure): Warning {
  return {
    kind: 'apart',
    text: `base and head were measured one after the other, as together one of them failed: ${what}`,
    advice: 'that is less exact; can it do without what only one can have, such as a port or a file? --apart, if not',
  };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(part < 0.1 ? 1 : 0)} %`;
}
