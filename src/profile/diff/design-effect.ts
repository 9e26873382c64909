import type { BlockWeights } from './time-blocks.ts';

/** Parts of the run that are compared with each other. */
const BATCHES = 32;
/** Parts of fewer samples say nothing. */
const FEWEST_PER_BATCH = 8;
const FEWEST_BATCHES = 8;

/** Samples that come in step with the program are more regular than chance, but how much so is an estimate. */
const LEAST_DESIGN_EFFECT = 0.25;

/** The part of a run, of the samples it has, that counts as its start. */
const WARM_UP = 1 / 8;

/** What is assumed where samples have no times, and of rows that one side does not have. */
export const ASSUMED_DESIGN_EFFECT = 1.5;

/** The variances of a row's weight on both sides, for a given weight of all else, if samples were independent. */
export interface IndependentVariance {
  readonly before: number;
  readonly after: number;
}

/**
 * Estimates how much more the weights of rows vary than if each sample were drawn for itself. Samples close in time tend
 * to lie in the same function, so n of them tell less than n independent ones do: the design effect of cluster sampling
 * (Kish, "Survey Sampling", 1965), by batch means (Law, "Simulation Modeling and Analysis", 9.5.3):
 *
 *     D = B / (B - 1) * sum over b of (after_b - r * before_b)^2 / (v_after + r^2 * v_before)      r = after / before
 *
 * where before_b and after_b are the row's weight in each of B parts of the run, and v what the variance of the whole row
 * would be if samples were independent. Parts are equal in what the program did beside the row, not in time (linear
 * between the finer blocks): so a program that does one thing after the other, in the same order in both runs, is not
 * taken for one that does things at random, and a row that became slower does not move the parts that follow. Where
 * a program does the same again and again, samples at even distances tell more than independent ones: D is below 1.
 */
export class DesignEffects {
  /** Degrees of freedom of each estimate; Infinity where it is {@link ASSUMED_DESIGN_EFFECT}. */
  readonly freedom: number;
  private readonly sides: { readonly before: BlockWeights; readonly after: BlockWeights } | undefined;
  private readonly old: Float64Array;
  private readonly now: Float64Array;

  /** @param before of one run; undefined where its samples have no times, as for the other */
  constructor(before: BlockWeights | undefined, after: BlockWeights | undefined) {
    const samples = Math.min(before?.samples ?? 0, after?.samples ?? 0);
    const batches = Math.min(BATCHES, Math.floor(samples / FEWEST_PER_BATCH));
    this.sides = before && after && batches >= FEWEST_BATCHES ? { before, after } : undefined;
    this.freedom = this.sides === undefined ? Number.POSITIVE_INFINITY : batches - 1;
    this.old = new Float64Array(batches);
    this.now = new Float64Array(batches);
  }

  /**
   * Whether most of a row's weight lies in the first part of the runs, where just-in-time compilers and caches warm up:
   * how long that takes differs from run to run, and that it is over cannot be seen again in the same run.
   */
  isWarmUp(row: number): boolean {
    if (this.sides === undefined) return false;
    let early = 0;
    let all = 0;
    for (const { blocks, rows } of [this.sides.before, this.sides.after]) {
      for (let block = 0; block < blocks; block++) {
        const weight = rows[row * blocks + block]!;
        all += weight;
        if (block < blocks * WARM_UP) early += weight;
      }
    }
    return early > all / 2;
  }

  /** D of one of the blocks' rows. */
  of(row: number, independent: IndependentVariance): number {
    if (this.sides === undefined) return ASSUMED_DESIGN_EFFECT;
    const { old, now } = this;
    const oldSum = batchSums(this.sides.before, row, old);
    const nowSum = batchSums(this.sides.after, row, now);
    if (!(oldSum > 0 && nowSum > 0)) return ASSUMED_DESIGN_EFFECT;
    const ratio = nowSum / oldSum;
    let squares = 0;
    for (let batch = 0; batch < old.length; batch++) squares += (now[batch]! - ratio * old[batch]!) ** 2;
    const variance = independent.after + ratio * ratio * independent.before;
    if (!(variance > 0)) return 1;
    return Math.max(LEAST_DESIGN_EFFECT, (squares * old.length) / (old.length - 1) / variance);
  }
}

/**
 * The row's weight in parts of the run that hold equal weights of all else.
 * @param into one number a part
 * @returns the row's whole weight
 */
function batchSums({ blocks, rows, whole }: BlockWeights, row: number, into: Float64Array): number {
  let sum = 0;
  let rest = 0;
  for (let block = 0; block < blocks; block++) {
    const weight = rows[row * blocks + block]!;
    sum += weight;
    rest += whole[block]! - weight;
  }
  into.fill(0);
  if (!(rest > 0)) return 0;
  const each = rest / into.length;
  let done = 0;
  for (let block = 0; block < blocks; block++) {
    const weight = rows[row * blocks + block]!;
    const beside = whole[block]! - weight;
    const from = done / each;
    done += beside;
    const to = done / each;
    const first = Math.min(into.length - 1, Math.floor(from));
    const last = Math.min(into.length - 1, Math.floor(to));
    for (let batch = first; batch <= last; batch++) {
      const part = to > from ? (Math.min(to, batch + 1) - Math.max(from, batch)) / (to - from) : 1;
      // The last part takes what rounding left over
      into[batch]! += weight * (first === last ? 1 : Math.max(0, part));
    }
  }
  return sum;
}
