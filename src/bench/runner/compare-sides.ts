import { Processors } from '../../processes/processors.ts';
import { SeededRandom } from '../../statistics/random.ts';
import { type AdjustedVerdict, adjustVerdicts, type Correction } from '../pairs/adjust-verdicts.ts';
import { comparePairs, isDecided, type PairOptions } from '../pairs/compare-pairs.ts';
import { turnsOfTwo } from '../pairs/schedule.ts';
import type { Failure } from './failure.ts';
import type { Found } from './found.ts';
import { measureApart, measureTogether } from './measure-pair.ts';
import { type MeasuringSettings, newSide, type Side } from './side.ts';

/** When a comparison is one; see pairs/verdict.ts. */
export interface ComparingSettings extends MeasuringSettings {
  readonly noise: number;
  readonly budget: number;
  readonly correction: Correction;
  readonly maxPairs: number;
  /** Both sides run one after the other, not in turns of milliseconds. */
  readonly apart: boolean;
}

/** Base and head of one benchmark, measured in turns. */
export interface Sides {
  readonly base: Side;
  readonly head: Side;
  /** ln(head / base) of each pair of processes. */
  readonly logRatios: readonly number[];
  /** Why they were not measured in turns, as they were to be. */
  readonly together?: Failure;
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
  const random = new SeededRandom(seed);
  const order = turnsOfTwo(random);
  const processors = new Processors();
  const logRatios: number[] = [];
  const both = [base, head] as const;
  let together: Failure | undefined;
  const measured = (): Sides => ({ base, head, logRatios, ...(together && { together }) });
  while (goOn(logRatios.length) || logRatios.length === 0) {
    const shared = 1 + random.below(2 ** 31 - 1);
    const means = { seed: shared, order: order(logRatios.length), random, processors };
    let ratio: number | undefined;
    if (!settings.apart && together === undefined) {
      ratio = await measureTogether(both, settings, means);
      const failure = base.failure ?? head.failure;
      if (failure !== undefined && logRatios.length === 0 && mayRunAlone(failure)) together = failure;
    }
    if (settings.apart || together !== undefined) ratio = await measureApart(both, settings, means);
    if (ratio === undefined) return measured();
    logRatios.push(ratio);
    if (logRatios.length > 1 && isDecided(comparePairs(logRatios, stopping), stopping)) break;
  }
  return measured();
}

/** Whether what failed may be well where nothing else has its port, its files or its memory. */
function mayRunAlone({ timedOut, signal }: Failure): boolean {
  return timedOut !== true && signal !== 'SIGINT' && signal !== 'SIGTERM';
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
