import { meanRows, type RowWeights, type TestedRows } from './row-weights.ts';

/** By what the runs of both sides are multiplied so that most functions did not change. */
export interface Reference extends ReferenceScale {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** How much more everything weighs after than before that did not change in itself. */
interface ReferenceScale {
  /** Factor on weights of the before side. */
  readonly scale: number;
  /**
   * The standard error of its logarithm. It is not added to that of a row's ratio to it: a row that did not change is
   * among those that the scale was found by, and so varies less round it than by itself.
   */
  readonly error: number;
}

/** By how much the cost of a function that nobody touched differs between two runs, beside chance. */
const SPREAD = 0.02;
/** How many functions are expected to have changed, and over which range of log ratios, evenly. */
const CHANGED = 0.3;
const CHANGED_RANGE = 4;
/** Functions so many standard deviations away have no part in a mode. */
const OUTLIER = 2.5;
/** Of so few samples a ratio says nothing. */
const FEWEST_SAMPLES = 20;
/** More would not make it more certain. */
const MOST_FUNCTIONS = 1000;
/** From so many of the best known ratios the mode is looked for. */
const MOST_STARTS = 64;
/** Weights as they are (the same work, sampled at the same rate) are this much likelier than any other scale (nats). */
const RAW_ADVANTAGE = 3;
/** Two scales whose likelihoods differ by less (nats) cannot be told apart. */
const DECISIVE = 2;

/**
 * Finds the scale at which most functions did not change.
 *
 * When one function becomes slower, the parts that all others have of the whole become smaller, so parts alone would
 * say that everything else improved. What differs between the two sides for other reasons (twice the requests, a slower
 * machine, another sampling rate) changes all functions alike, and that factor is the mode of their ratios
 * after / before, as in the median of ratios by which DESeq makes sequencing runs comparable (Anders and Huber,
 * Genome Biology 11, 2010). Of self weights, as inclusive ones would count a change once for each caller. The log ratio
 * of an unchanged function is normal around the mode with its sampling variance and {@link SPREAD}; changed functions
 * are spread evenly: the mode is where the likelihood of this mixture is largest. Fixed work sampled at a fixed rate has
 * the scale 1, which is preferred where functions are too few to decide.
 *
 * @param before self weight of each function, one row each, and its squares
 * @param after same rows
 * @returns undefined where the functions agree on none, or too few are heavy enough
 */
export function referenceScale(before: TestedRows, after: TestedRows): ReferenceScale | undefined {
  const ratios = logRatios(before, after);
  if (ratios.length === 0) return undefined;
  const modes = [0, ...ratios.slice(0, MOST_STARTS).map(({ log }) => log)].map((start, i) => {
    const { at, inliers, error } = climbed(ratios, start);
    // The bonus is for the hill that 0 stands on
    const raw = i === 0 && Math.abs(at) < 3 * Math.hypot(error, SPREAD);
    return { at, inliers, error, raw, score: likelihood(ratios, at) + (raw ? RAW_ADVANTAGE : 0) };
  });
  const best = modes.reduce((a, b) => (b.score > a.score ? b : a));
  if (!best.raw && best.inliers < 1.5) return undefined;
  const apart = (mode: { at: number; error: number }) =>
    Math.abs(mode.at - best.at) > 3 * Math.hypot(mode.error, best.error);
  if (modes.some((mode) => mode.score > best.score - DECISIVE && apart(mode))) return undefined;
  return { scale: Math.exp(best.at), error: best.error };
}

/**
 * {@link referenceScale} of sides of several runs: of each run against the mean of the before side.
 * @param before self weight of each function in each run
 * @param after same
 */
export function sideReference(before: readonly RowWeights[], after: readonly RowWeights[]): Reference | undefined {
  const base = meanRows(before).tested;
  const mean = meanRows(after).tested;
  if (base === undefined || mean === undefined) return undefined;
  const sides = referenceScale(base, mean);
  if (sides === undefined) return undefined;
  const { scale, error } = sides;
  if (before.length === 1 && after.length === 1) return { scale, error, before: [scale], after: [1] };
  const factors = (runs: readonly RowWeights[], whole: number) =>
    runs.map(({ tested }) => scale / ((tested && referenceScale(base, tested)?.scale) ?? whole));
  return { scale, error, before: factors(before, 1), after: factors(after, scale) };
}

interface LogRatio {
  readonly log: number;
  readonly variance: number;
}

function logRatios(before: TestedRows, after: TestedRows): LogRatio[] {
  const ratios: LogRatio[] = [];
  for (let i = 0; i < before.weight.length; i++) {
    const old = before.weight[i]!;
    const now = after.weight[i]!;
    if (!(old > 0 && now > 0)) continue;
    const variance = before.squares[i]! / (old * old) + after.squares[i]! / (now * now);
    // The harmonic mean of the counts: of x samples on either side the variance is 2 / x
    if (variance > 4 / FEWEST_SAMPLES) continue;
    ratios.push({ log: Math.log(now / old), variance: variance + 2 * SPREAD * SPREAD });
  }
  ratios.sort((a, b) => a.variance - b.variance || a.log - b.log);
  return ratios.slice(0, MOST_FUNCTIONS);
}

function inlierDensity({ log, variance }: LogRatio, at: number): number {
  return ((1 - CHANGED) * Math.exp(-((log - at) ** 2) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance);
}

function likelihood(ratios: readonly LogRatio[], at: number): number {
  let sum = 0;
  for (const ratio of ratios) sum += Math.log(inlierDensity(ratio, at) + CHANGED / CHANGED_RANGE);
  return sum;
}

/** The nearest mode uphill of `start`, by expectation maximisation. */
function climbed(ratios: readonly LogRatio[], start: number): { at: number; inliers: number; error: number } {
  let at = start;
  let inliers = 0;
  let precision = 0;
  for (let step = 0; step < 20; step++) {
    let sum = 0;
    inliers = 0;
    precision = 0;
    for (const ratio of ratios) {
      // A change that is not far from the others would draw the mode towards it
      if ((ratio.log - at) ** 2 > OUTLIER ** 2 * ratio.variance) continue;
      const density = inlierDensity(ratio, at);
      const share = density / (density + CHANGED / CHANGED_RANGE);
      inliers += share;
      precision += share / ratio.variance;
      sum += (share * ratio.log) / ratio.variance;
    }
    if (!(precision > 1e-6)) return { at, inliers: 0, error: Number.POSITIVE_INFINITY };
    const next = sum / precision;
    const done = Math.abs(next - at) < 1e-6;
    at = next;
    if (done) break;
  }
  return { at, inliers, error: 1 / Math.sqrt(precision) };
}
