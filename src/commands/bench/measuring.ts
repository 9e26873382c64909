import type { AdjustedVerdict } from '../../bench/pairs/adjust-verdicts.ts';
import { comparePairs } from '../../bench/pairs/compare-pairs.ts';
import {
  type ComparingSettings,
  measureSides,
  type Sides,
  thresholdsOf,
  verdictsOf,
} from '../../bench/runner/compare-sides.ts';
import { deoptimised } from '../../bench/runner/deoptimised.ts';
import type { Failure } from '../../bench/runner/failure.ts';
import type { Found } from '../../bench/runner/found.ts';
import type { BenchResult } from '../../bench/runner/result.ts';
import { measureOnce, newSide, type Side } from '../../bench/runner/side.ts';
import { notTogether, warningsOf } from '../../bench/runner/warnings.ts';
import type { Progress } from '../../terminal/progress.ts';
import { diedOfInterrupt, type Interruption, interruptedAfter } from './interrupted.ts';
import { originalStack } from './stacks.ts';

/** How benchmarks are gone through. */
export interface Measuring {
  readonly settings: ComparingSettings;
  readonly progress: Progress;
  /** What runs is ended then, with a result, and nothing else is begun. */
  readonly interruption: Interruption;
  /** Is told of each benchmark as soon as it is measured. */
  readonly done: (result: BenchResult) => Promise<void>;
}

/** Measures benchmarks one after the other, each by a number of fresh processes. */
export async function measureAlone(
  benchmarks: readonly Found[],
  processes: number,
  { settings, progress, interruption, done }: Measuring,
): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  interruption.listen();
  for (const [at, found] of benchmarks.entries()) {
    if (interruption.asked) break;
    const head = newSide(found);
    for (let i = 0; i < processes && !(interruption.asked && i > 0); i++) {
      progress.show(`${at + 1}/${benchmarks.length} ${found.id.title}: process ${i + 1} of ${processes}`);
      if (!(await measureOnce(head, settings))) break;
    }
    if (diedOfInterrupt(head, interruption) && head.medians.length === 0) break;
    const cut = head.medians.length < processes && interruption.asked;
    const ended = cut ? `${head.medians.length} of ${processes} processes` : undefined;
    const result = await told({ found, head }, settings, { cut: ended });
    results.push(result);
    await done(result);
  }
  return results;
}

/**
 * Measures benchmarks in turns with those of the same names of the base.
 * @param seed of the order in a pair
 */
export async function measureAgainst(
  benchmarks: readonly Found[],
  base: ReadonlyMap<string, Found>,
  seed: number,
  { settings, progress, interruption, done }: Measuring,
): Promise<readonly BenchResult[]> {
  const known = benchmarks.filter(({ id }) => base.has(id.title));
  const measured: { readonly result: BenchResult; readonly sides: Sides }[] = [];
  interruption.listen();
  for (const [at, found] of known.entries()) {
    if (interruption.asked) break;
    let cut: string | undefined;
    const goOn = (pairs: number): boolean => {
      progress.show(`${at + 1}/${known.length} ${found.id.title}: pair ${pairs + 1} of ${settings.maxPairs} at most`);
      if (interruption.asked && pairs > 0) cut = `${pairs} of at most ${settings.maxPairs} pairs`;
      return !interruption.asked;
    };
    const both = { base: base.get(found.id.title)!, head: found };
    const sides = await measureSides(both, settings, known.length, (seed + at) >>> 0, goOn);
    const died = [sides.base, sides.head].some((side) => diedOfInterrupt(side, interruption));
    if (died && sides.logRatios.length === 0) break;
    const verdict = provisional(sides, settings, known.length);
    const result = await told({ found, head: sides.head, base: sides.base, ...(verdict && { verdict }) }, settings, {
      cut,
      together: sides.together,
    });
    measured.push({ result, sides });
    await done(result);
  }
  const verdicts = verdictsOf(
    measured.map(({ sides }) => sides),
    settings,
  );
  return measured.map(({ result }, at) => {
    const verdict = verdicts[at];
    if (verdict === undefined) return result;
    // What was told already stays as it was told, its interval too
    const stands = result.verdict?.verdict === verdict.verdict;
    return { ...result, verdict: stands ? { ...result.verdict!, adjusted: verdict.adjusted } : verdict };
  });
}

/** What can be said before the others are measured: what stands when the budget is shared out evenly. */
function provisional(sides: Sides, settings: ComparingSettings, comparisons: number): AdjustedVerdict | undefined {
  if (sides.logRatios.length < 2 || sides.base.failure !== undefined || sides.head.failure !== undefined)
    return undefined;
  const verdict = comparePairs(sides.logRatios, thresholdsOf(sides.head.found, settings, comparisons));
  return { ...verdict, adjusted: settings.correction === 'none' ? verdict.p : Math.min(1, verdict.p * comparisons) };
}

/**
 * Adds what is doubtful, and why there is nothing.
 * @param cut how much was measured when the person wanted no more
 * @param together why its sides were not measured in turns
 */
async function told(
  measured: { readonly found: Found; readonly head: Side; readonly base?: Side; readonly verdict?: AdjustedVerdict },
  settings: ComparingSettings,
  { cut, together }: { readonly cut?: string | undefined; readonly together?: Failure | undefined } = {},
): Promise<BenchResult> {
  const { head, base, found } = measured;
  const failed: readonly (readonly [Failure | undefined, 'base' | 'head', string])[] = [
    [head.failure, 'head', found.place.cwd],
    [base?.failure, 'base', base?.found.place.cwd ?? ''],
  ];
  const [first] = failed.filter(([failure]) => failure !== undefined);
  if (first !== undefined) {
    const [failure, side, folder] = first;
    return { ...measured, warnings: [], failure: { ...originalStack(failure!, folder), side } };
  }
  const warnings = [...(together ? [notTogether(together)] : []), ...warningsOf(head)];
  if (cut !== undefined) return { ...measured, warnings: [interruptedAfter(cut), ...warnings] };
  const deopt = await deoptimised(found, settings);
  return { ...measured, warnings: [...warnings, ...(deopt === undefined ? [] : [deopt])] };
}
