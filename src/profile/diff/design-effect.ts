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

/** What a row weighs on one side, and all of the side, with the squares of the samples' weights. */
export interface PartOfSide {
  readonly weight: number;
  readonly squares: number;
  readonly total: number;
  readonly totalSquares: number;
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
 * taken for one that does things at random, and a row that became slower does not move the parts that follow. Of a row
 * that is more than half of all the same is asked of the rest. Where
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
    const { before, after } = this.sides;
    const rest = isMostOfAll(before, after, row);
    let early = 0;
    let all = 0;
    for (const side of [before, after]) {
      for (let block = 0; block < side.blocks; block++) {
        const weight = lesserPart(side, row, block, rest);
        all += weight;
        if (block < side.blocks * WARM_UP) early += weight;
      }
    }
    return early > all / 2;
  }

  /** D of one of the blocks' rows. @param old the row before @param now the row after */
  of(row: number, old: PartOfSide, now: PartOfSide): number {
    if (this.sides === undefined) return ASSUMED_DESIGN_EFFECT;
    const { before, after } = this.sides;
    const rest = isMostOfAll(before, after, row);
    const oldSum = batchSums(before, row, rest, this.old);
    const nowSum = batchSums(after, row, rest, this.now);
    if (!(oldSum > 0 && nowSum > 0)) return ASSUMED_DESIGN_EFFECT;
    const ratio = nowSum / oldSum;
    const batches = this.old.length;
    let squares = 0;
    for (let batch = 0; batch < batches; batch++) squares += (this.now[batch]! - ratio * this.old[batch]!) ** 2;
    const variance = independentVariance(now, rest) + ratio * ratio * independentVariance(old, rest);
    if (!(variance > 0)) return 1;
    return Math.max(LEAST_DESIGN_EFFECT, (squares * batches) / (batches - 1) / variance);
  }
}

/** The variance of a part's weight for a given weight of all else. @param rest of what is not the row */
function independentVariance({ weight, squares, total, totalSquares }: PartOfSide, rest: boolean): number {
  const part = rest ? total - weight : weight;
  const ofPart = rest ? totalSquares - squares : squares;
  const odds = part / (total - part);
  return Math.max(0, ofPart) + odds * odds * Math.max(0, totalSquares - ofPart);
}

function isMostOfAll(before: BlockWeights, after: BlockWeights, row: number): boolean {
  let share = 0;
  for (const { blocks, rows, whole } of [before, after]) {
    let weight = 0;
    let all = 0;
    for (let block = 0; block < blocks; block++) {
      weight += rows[row * blocks + block]!;
      all += whole[block]!;
    }
    share += weight / all / 2;
  }
  return share > 0.5;
}

function lesserPart({ blocks, rows, whole }: BlockWeights, row: number, block: number, rest: boolean): number {
  const weight = rows[row * blocks + block]!;
  return rest ? Math.max(0, whole[block]! - weight) : weight;
}

/**
 * The weight of a row, or of the rest, in parts of the run that hold equal weights of all else.
 * @param into one number a part
 * @returns the whole weight
 */
function batchSums(side: BlockWeights, row: number, rest: boolean, into: Float64Array): number {
  let sum = 0;
  let others = 0;
  for (let block = 0; block < side.blocks; block++) {
    const weight = lesserPart(side, row, block, rest);
    sum += weight;
    others += side.whole[block]! - weight;
  }
  into.fill(0);
  if (!(others > 0)) return 0;
  const each = others / into.length;
  let done = 0;
  for (let block = 0; block < side.blocks; block++) {
    const weight = lesserPart(side, row, block, rest);
    const from = done / each;
    done += side.whole[block]! - weight;
    spread(weight, from, done / each, into);
  }
  return sum;
}

/** Adds a weight evenly to the parts from `from` to `to`. */
function spread(weight: number, from: number, to: number, into: Float64Array): void {
  // Rounding may leave the end a little behind the last part
  const last = into.length - 1;
  const first = Math.min(last, Math.floor(from));
  const end = Math.min(last, Math.floor(to));
  if (first === end) {
    into[first]! += weight;
    return;
  }
  for (let part = first; part <= end; part++) {
    const overlap = Math.min(to, part + 1) - Math.max(from, part);
    into[part]! += (weight * Math.max(0, overlap)) / (to - from);
  }
}
