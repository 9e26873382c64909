import { benjaminiHochberg } from '../../statistics/false-discovery.ts';
import { compareColumns, type Pairing, type SideSpread, sideSpread } from './compare-columns.ts';
import type { CounterColumn, CounterRuns } from './counter-runs.ts';

/**
 * What is said of a counter. `regressed`, `improved`: it changed, and more of it is worse. `changed`: it changed, and
 * neither way is better. `same`: whatever changed is less than what counts. `unclear`: nothing was shown, but runs vary
 * too much to say that nothing changed. `untested`: too few runs. The last two: only one side counted it.
 */
export type ChangeVerdict =
  | 'regressed'
  | 'improved'
  | 'changed'
  | 'same'
  | 'unclear'
  | 'untested'
  | 'only before'
  | 'only after';

/** One counter, before and after. */
export interface CounterChange {
  readonly name: string;
  readonly unit: string;
  readonly before: SideSpread | undefined;
  readonly after: SideSpread | undefined;
  /** `after` less `before`, as a part of `before`; Infinity where there was nothing before. NaN where a side is missing. */
  readonly change: number;
  /** The interval of the change, as parts of `before`; NaN where it is unknown. */
  readonly low: number;
  readonly high: number;
  /** Of this counter alone, and with regard to how many were compared (Benjamini-Hochberg). NaN where untested. */
  readonly p: number;
  readonly adjusted: number;
  readonly verdict: ChangeVerdict;
}

export interface CompareCountersOptions {
  readonly pairing: Pairing;
  /** Accepted share of false ones among the changes that are reported. Default 0.05. */
  readonly alpha?: number;
  /** Changes of a smaller part of `before` do not count. Default 0.01; for exact counts of callgrind 0.001. */
  readonly threshold?: number;
  /** Names of counters to compare. Default: all. */
  readonly only?: readonly string[];
  /** Runs that a mean is of, where a saved output of `perf stat -r` does not say. */
  readonly assumedRuns?: number;
}

export interface CounterComparison {
  readonly pairing: Pairing;
  readonly alpha: number;
  readonly changes: readonly CounterChange[];
  readonly notes: readonly string[];
}

const DEFAULT_ALPHA = 0.05;
const DEFAULT_THRESHOLD = 0.01;
const EXACT_THRESHOLD = 0.001;

/** More of these is neither better nor worse: it is other work, or another mix. */
const NEUTRAL =
  /^(?:(?:cpu_\w+\/)?(?:branches|branch-instructions|cache-references|ref-cycles|bus-cycles|.*-(?:loads|stores|prefetches))(?:\/?[:\w]*)|callgrind-(?:data-reads|data-writes|branches|indirect-branches))$/;
const NEUTRAL_UNITS = new Set(['%', 'ratio']);

/**
 * Compares what two programs, or two versions of one, cost, counter by counter. A change is reported only where it is
 * significant with regard to all counters that were compared, and large enough to count.
 */
export function compareCounters(
  before: CounterRuns,
  after: CounterRuns,
  options: CompareCountersOptions,
): CounterComparison {
  const { pairing, alpha = DEFAULT_ALPHA, only, assumedRuns } = options;
  const pairs = pairColumns(before.counters, after.counters).filter(({ name }) => only?.includes(name) ?? true);
  const differences = pairs.map(({ old, now }) =>
    old && now ? compareColumns(old, now, pairing, alpha, assumedRuns) : undefined,
  );
  // What never happened on either side is no hypothesis
  const idle = pairs.map(({ old, now }) => isZero(old) && isZero(now));
  const adjusted = benjaminiHochberg(
    Float64Array.from(differences, (difference, row) => (idle[row] ? Number.NaN : (difference?.p ?? Number.NaN))),
  );
  const changes = pairs.map(({ name, old, now }, row): CounterChange => {
    const [one, other] = [old && sideSpread(old, assumedRuns), now && sideSpread(now, assumedRuns)];
    const base = Math.abs(one?.mean ?? Number.NaN);
    const difference = differences[row];
    // Nothing can fall by more than all of it
    const part = (delta: number): number => (delta === 0 ? 0 : Math.max(-1, delta / base));
    const column = (old ?? now)!;
    const change = one && other ? part(other.mean - one.mean) : Number.NaN;
    const known = {
      name,
      unit: column.unit,
      before: one,
      after: other,
      change,
      low: idle[row] ? 0 : difference === undefined ? Number.NaN : part(difference.low),
      high: idle[row] ? 0 : difference === undefined ? Number.NaN : part(difference.high),
      p: idle[row] ? 1 : (difference?.p ?? Number.NaN),
      adjusted: adjusted[row]!,
    };
    const threshold = options.threshold ?? (column.source === 'callgrind' ? EXACT_THRESHOLD : DEFAULT_THRESHOLD);
    return { ...known, verdict: idle[row] ? 'same' : verdictOf(known, alpha, threshold) };
  });
  return { pairing, alpha, changes, notes: notesOf(before, after, pairing, changes) };
}

/** Counters that got significantly worse by more than a part of what they were. */
export function regressions({ changes }: CounterComparison, limit: number): CounterChange[] {
  return changes.filter(({ verdict, change }) => verdict === 'regressed' && change > limit);
}

interface Pair {
  readonly name: string;
  readonly old: CounterColumn | undefined;
  readonly now: CounterColumn | undefined;
}

/** By name, in the order of `before`; what neither side could count is left out. */
function pairColumns(before: readonly CounterColumn[], after: readonly CounterColumn[]): Pair[] {
  const counted = (columns: readonly CounterColumn[]): Map<string, CounterColumn> =>
    new Map(columns.filter(({ missing }) => missing === undefined).map((column) => [column.name, column]));
  const [old, now] = [counted(before), counted(after)];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].map((name) => ({ name, old: old.get(name), now: now.get(name) }));
}

function isZero(column: CounterColumn | undefined): boolean {
  return column !== undefined && column.values.length > 0 && column.values.every((value) => value === 0);
}

function verdictOf(known: Omit<CounterChange, 'verdict'>, alpha: number, threshold: number): ChangeVerdict {
  const { name, unit, before, after, change, low, high, adjusted } = known;
  if (before === undefined) return 'only after';
  if (after === undefined) return 'only before';
  if (Number.isNaN(adjusted)) return 'untested';
  if (adjusted <= alpha && Math.abs(change) >= threshold) {
    if (NEUTRAL.test(name) || NEUTRAL_UNITS.has(unit)) return 'changed';
    return change > 0 ? 'regressed' : 'improved';
  }
  return Math.max(Math.abs(low), Math.abs(high)) <= Math.max(threshold, LEAST_MARGIN) ? 'same' : 'unclear';
}

/** An interval within this is small enough to call it the same, whatever smaller change counts. */
const LEAST_MARGIN = 0.01;

function notesOf(
  before: CounterRuns,
  after: CounterRuns,
  pairing: Pairing,
  changes: readonly CounterChange[],
): string[] {
  const notes: string[] = [];
  const untested = changes.filter(({ verdict }) => verdict === 'untested');
  if (untested.length > 0) {
    const unknown = untested.some(({ before: old, after: now }) => old?.runs === undefined || now?.runs === undefined);
    notes.push(
      unknown
        ? 'perf stat -r -x (or -j) does not write how many runs its means are of: --runs N says it'
        : 'one run a side does not tell how much runs differ: repeat with -r 10, or let --vs repeat both in turns',
    );
  }
  if (pairing === 'apart' && untested.length < changes.length) {
    notes.push(
      'the two sides were measured one after the other, so the machine may have changed in between: intervals allow for it; --vs runs both in turns, which shows smaller changes',
    );
  }
  const unlike = changes.filter(({ verdict }) => verdict.startsWith('only')).length;
  if (unlike > 0) notes.push(`counters that only one side has: ${unlike}`);
  for (const note of new Set([...before.notes, ...after.notes])) notes.push(note);
  return notes;
}
