import { binomialTwoSided } from '../../statistics/binomial.ts';
import { bootstrapMeanDifference } from '../../statistics/bootstrap.ts';
import { mean, variance } from '../../statistics/moments.ts';
import { SeededRandom } from '../../statistics/random.ts';
import { studentQuantileTwoSided, studentTwoSided } from '../../statistics/student.ts';

/** What a row weighs on one side, in the unit of the after side: factors are applied. */
export interface SideEstimate {
  /** Of each run. */
  readonly runs: readonly number[];
  /** Their mean. */
  readonly weight: number;
  /** The mean's sampling variance if samples were independent of each other. */
  readonly independent: number;
  /** The weight of one sample: the mean of that many. */
  readonly unit: number;
  /** What a difference between runs, beside chance, is a part of: see {@link RUN_SPREAD}. */
  readonly exposed: number;
}

/** What is known beside the samples of how much weights vary. */
export interface Design {
  /** The design effect, and the degrees of freedom that its estimate has. */
  readonly effect: number;
  readonly freedom: number;
  /** {@link RUN_SPREAD} or {@link COMPILED_RUN_SPREAD}. */
  readonly spread: number;
}

/** Whether both sides are the same but for chance. */
export interface ChangeTest {
  /** Two-sided. */
  readonly p: number;
  /** How far the interval reaches below the difference, and above it, in the unit of the weights. */
  readonly below: number;
  readonly above: number;
}

/**
 * By how much the cost of the same code differs between two runs of the same program (standard deviation, relative), as
 * caches, memory layout and neighbours are not the same: no recording of a single run shows it. Code of a just-in-time
 * compiler differs more, as it is not compiled at the same moments from the same observations. Measured by
 * `scripts/diff-truth.mjs`.
 */
export const RUN_SPREAD = 0.02;
export const COMPILED_RUN_SPREAD = 0.03;
/** As how many runs the assumption above and the sampling variance count beside the runs that are there. */
const ASSUMED_RUNS = 6;
/** Of so many runs on either side the bootstrap has something to draw from. */
const FEWEST_RUNS = 3;
const RESAMPLES = 1000;
/** Of fewer samples the exact test is asked too. */
const FEW_SAMPLES = 100;

/**
 * Tests a difference between two sides.
 *
 * The variance of one run is the sampling variance times the design effect, plus {@link RUN_SPREAD}. Of several runs it
 * is the variance between them, which holds all of that. Two or three runs may happen to be alike: where that variance is
 * below what was expected of one run it is moderated by it (after Smyth, "Linear models and empirical Bayes methods",
 * 2004), and never below the sampling variance. Degrees of freedom by Welch and Satterthwaite. Where samples are few the
 * exact test of two counts must agree. The interval is that of the t distribution; of three runs a side and more it
 * reaches as far as the bootstrap's too, where that is farther.
 * @param alpha what the interval may miss
 */
export function testChange(before: SideEstimate, after: SideEstimate, design: Design, alpha: number): ChangeTest {
  const old = meanVariance(before, design);
  const now = meanVariance(after, design);
  const sum = old.variance + now.variance;
  const freedom = sum ** 2 / (old.variance ** 2 / old.freedom + now.variance ** 2 / now.freedom);
  const error = Math.sqrt(sum);
  if (!(error > 0)) return { p: 1, below: 0, above: 0 };
  const approximate = studentTwoSided((after.weight - before.weight) / error, freedom);
  const halfWidth = error * studentQuantileTwoSided(alpha, freedom);
  const p = Math.max(approximate, exact(before, after, Math.max(1, design.effect)));
  const { below, above } = resampled(before, after, alpha);
  return { p, below: Math.max(halfWidth, below), above: Math.max(halfWidth, above) };
}

function meanVariance(
  { runs, independent, exposed }: SideEstimate,
  design: Design,
): { variance: number; freedom: number } {
  const spread = (design.spread * exposed) ** 2;
  if (runs.length === 1) return { variance: design.effect * independent + spread, freedom: design.freedom };
  const expected = independent + spread / runs.length;
  const found = variance(runs) / runs.length;
  const freedom = ASSUMED_RUNS + runs.length - 1;
  if (found > expected) return { variance: found, freedom: runs.length - 1 };
  const moderated = (ASSUMED_RUNS * expected + (runs.length - 1) * found) / freedom;
  return { variance: Math.max(independent, moderated), freedom };
}

/** How far the bootstrap's interval reaches; 0 where runs are too few. */
function resampled(before: SideEstimate, after: SideEstimate, alpha: number): { below: number; above: number } {
  if (before.runs.length < FEWEST_RUNS || after.runs.length < FEWEST_RUNS) return { below: 0, above: 0 };
  const options = { alpha, resamples: RESAMPLES, random: new SeededRandom(1) };
  const { low, high } = bootstrapMeanDifference(before.runs, after.runs, options);
  const difference = mean(after.runs) - mean(before.runs);
  return { below: difference - low, above: high - difference };
}

/** The exact test of two counts; 0 where samples are many. */
function exact(before: SideEstimate, after: SideEstimate, effect: number): number {
  const old = before.weight / before.unit / effect;
  const now = after.weight / after.unit / effect;
  if (!(old + now <= FEW_SAMPLES)) return 0;
  return binomialTwoSided(now, old + now, before.unit / (before.unit + after.unit));
}
