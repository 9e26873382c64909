import { SeededRandom } from '../../statistics/random.ts';
import { type AdjustedVerdict, adjustVerdicts, type Correction } from '../pairs/adjust-verdicts.ts';
import { comparePairs, isDecided, type PairOptions } from '../pairs/compare-pairs.ts';
import { schedulePairs } from '../pairs/schedule.ts';
import type { Found } from './found.ts';
import { type MeasuringSettings, measureOnce, newSide, type Side } from './side.ts';

/** When a comparison is one; see pairs/verdict.ts. */
export interface ComparingSettings extends MeasuringSettings {
  readonly noise: number;
  readonly budget: number;
  readonly correction: Correction;
  readonly maxPairs: number;
}

/** Base and head of one benchmark, measured in turns. */
export interface Sides {
  readonly base: Side;
  readonly head: Side;
  /** ln(head / base) of each pair of processes. */
  readonly logRatios: readonly number[];
}

/**
 * Measures both sides of a benchmark in turns, each time in fresh processes, until a verdict stands or the person wants no more.
 * @param comparisons how many there are in the table: what stops early must still stand when it is one of many
 * @param seed of the order
 * @param goOn is told how many pairs there are; false ends it, of the first pair nobody is asked
 */
export async function measureSides(
  found: { readonly base: Found; readonly head: Found },
  settings: ComparingSettings,
  comparisons: number,
  seed: number,
  goOn: (pairs: number) => boolean,
): Promise<Sides> {
  const [base, head] = [newSide(found.base), newSide(found.head)];
  const stopping = thresholdsOf(found.head, settings, comparisons);
  const order = schedulePairs(seed);
  const random = new SeededRandom(seed);
  const logRatios: number[] = [];
  while (goOn(logRatios.length) || logRatios.length === 0) {
    const shared = 1 + random.below(2 ** 31 - 1);
    for (const which of order(logRatios.length)) {
      if (!(await measureOnce(which === 0 ? base : head, settings, shared))) return { base, head, logRatios };
    }
    logRatios.push(Math.log(head.medians.at(-1)! / base.medians.at(-1)!));
    if (logRatios.length > 1 && isDecided(comparePairs(logRatios, stopping), stopping)) break;
  }
  return { base, head, logRatios };
}

/** The verdicts of a table. @param table undefined = could not be compared */
export function verdictsOf(
  table: readonly (Sides | undefined)[],
  settings: ComparingSettings,
): readonly (AdjustedVerdict | undefined)[] {
  const verdicts = table.map((sides) => {
    if (sides === undefined || sides.logRatios.length < 2 || failed(sides)) return undefined;
    return comparePairs(sides.logRatios, thresholdsOf(sides.head.found, settings, 1));
  });
  const budgets = table.map((sides) => sides?.head.found.listed.options.significanceLevel);
  return adjustVerdicts(verdicts, { ...settings, budgets });
}

function failed({ base, head }: Sides): boolean {
  return base.failure !== undefined || head.failure !== undefined;
}

/**
 * When a benchmark counts as changed: as it says itself, else as the settings say.
 * @param comparisons how many share the budget evenly
 */
export function thresholdsOf(
  { listed }: Found,
  settings: ComparingSettings,
  comparisons: number,
): Required<PairOptions> {
  const { noiseThreshold: noise = settings.noise, significanceLevel: budget = settings.budget } = listed.options;
  const shared = settings.correction === 'none' ? budget : budget / comparisons;
  return { noise, budget: shared, maxPairs: settings.maxPairs };
}
