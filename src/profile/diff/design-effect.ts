import { sorted } from '../../statistics/quantile.ts';
import type { BlockWeights } from './time-blocks.ts';

/** Parts of the run that are compared with each other. */
const BATCHES = 32;
/** Parts of fewer samples say nothing. */
const FEWEST_PER_BATCH = 8;
const FEWEST_BATCHES = 8;

/** The part of a run, of the samples it has, that counts as its start. */
const WARM_UP = 1 / 8;

/** Samples that come in step with the program are more regular than chance, but how much so is an estimate. */
const LEAST = 0.25;
/** What is assumed where samples have no times, and at least of rows of which one side has little. */
export const ASSUMED_DESIGN_EFFECT = 1.5;
/** The typical D of all rows counts like so many degrees of freedom of a row's own. */
const POOLED_FREEDOM = 8;
/**
 * Below the middle of all: of a program that does one thing after the other a single change moves the parts of many rows
 * against each other, whose D are then too large.
 */
const TYPICAL = 0.3;
/** Where one side has so many times more of a row than the other, bursts of one have nothing to be compared with. */
const MOST_RATIO = 3;

/** What a row weighs on one side, and all of the side, with the squares of the samples' weights. */
export interface PartOfSide {
  readonly weight: number;
  readonly squares: number;
  readonly total: number;
  readonly totalSquares: number;
}

/** How much more rows vary than if their samples were independent: see {@link designEffects}. */
export interface DesignEffects {
  /** Of each row. */
  readonly effect: Float64Array;
  /** Degrees of freedom of each estimate; Infinity where it is assumed. */
  readonly freedom: Float64Array;
  /**
   * 1 where most of a row's weight lies, or may lie, in the first part of the runs, where just-in-time compilers and caches
   * warm up: how long that takes differs from run to run, and no part of the same run says how much.
   */
  readonly warmUp: Uint8Array;
}

/**
 * Estimates how much more the weights of rows vary than if each sample were drawn for itself. Samples close in time tend
 * to lie in the same function, so n of them tell less than n independent ones do: the design effect of cluster sampling
 * (Kish, "Survey Sampling", 1965), by batch means (Law, "Simulation Modeling and Analysis", 9.5.3):
 *
 *     D = B / (B - 1) * sum over b of (after_b - r * before_b)^2 / (v_after + r^2 * v_before)      r = after / before
 *
 * where before_b and after_b are the row's weight in each of B parts of the run, and v what the variance of the whole row
 * would be if samples were independent. The same parts of both runs are compared, so a program that does one thing after
 * the other, in the same order in both, is not taken for one that does things at random. For that parts are equal in a
 * time that passes slower in the row as it became slower: what follows it stays where it was (linear between the finer
 * blocks). Of a row that is more than half of all the same is asked of the rest. Where a program does the same again and
 * again, samples at even distances tell more than independent ones: D is below 1.
 *
 * A row of few bursts says little of its own D: it is moderated by the typical one of all rows.
 * @param before one run; undefined where its samples have no times, as for the other
 * @param parts of each of the blocks' rows what it weighs on both sides
 * @param warmUpShare rows of less than this part of the whole may be warm-up where samples have no times
 */
export function designEffects(
  before: BlockWeights | undefined,
  after: BlockWeights | undefined,
  parts: readonly { readonly before: PartOfSide; readonly after: PartOfSide }[],
  warmUpShare: number,
): DesignEffects {
  const samples = Math.min(before?.samples ?? 0, after?.samples ?? 0);
  const batches = Math.min(BATCHES, Math.floor(samples / FEWEST_PER_BATCH));
  const rows = parts.length;
  if (before === undefined || after === undefined || batches < FEWEST_BATCHES) {
    const freedom = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    const warmUp = Uint8Array.from(parts, (part) => (meanShare(part) < warmUpShare ? 1 : 0));
    return { effect: new Float64Array(rows).fill(ASSUMED_DESIGN_EFFECT), freedom, warmUp };
  }
  const own = parts.map((part, row) => ownEffect(before, after, row, part, batches));
  const known = sorted(own.map(({ effect }) => effect).filter(Number.isFinite));
  const pooled = known[Math.floor(TYPICAL * (known.length - 1))] ?? ASSUMED_DESIGN_EFFECT;
  const effect = new Float64Array(rows);
  const freedom = new Float64Array(rows);
  const warmUp = new Uint8Array(rows);
  own.forEach((row, i) => {
    warmUp[i] = row.warmUp ? 1 : 0;
    const estimated = Number.isFinite(row.effect);
    const bursts = estimated ? Math.max(1, Math.min(batches - 1, row.samples / Math.max(1, row.effect))) : 0;
    freedom[i] = bursts + POOLED_FREEDOM;
    const moderated = estimated
      ? (bursts * row.effect + POOLED_FREEDOM * pooled) / freedom[i]!
      : Math.max(ASSUMED_DESIGN_EFFECT, pooled);
    effect[i] = Math.max(LEAST, moderated);
  });
  return { effect, freedom, warmUp };
}

/** A row's own D, NaN where both sides have too little in common, and its samples on both sides. */
function ownEffect(
  before: BlockWeights,
  after: BlockWeights,
  row: number,
  part: { readonly before: PartOfSide; readonly after: PartOfSide },
  batches: number,
): { effect: number; samples: number; warmUp: boolean } {
  const rest = isMostOfAll(part);
  const old = lesserWeight(part.before, rest);
  const now = lesserWeight(part.after, rest);
  const change = now / (part.after.total - now) / (old / (part.before.total - old));
  const known = change > 1 / MOST_RATIO && change < MOST_RATIO;
  const early = earlyWeight(before, row, rest) / part.before.total + earlyWeight(after, row, rest) / part.after.total;
  return {
    effect: known ? batchEffect(before, after, row, part, { rest, change, ratio: now / old, batches }) : Number.NaN,
    samples: old / unitOf(part.before) + now / unitOf(part.after),
    warmUp: early > (old / part.before.total + now / part.after.total) / 2,
  };
}

/** @param how `rest`: of what is not the row; `change` of its odds, `ratio` of its weights, after by before */
function batchEffect(
  before: BlockWeights,
  after: BlockWeights,
  row: number,
  part: { readonly before: PartOfSide; readonly after: PartOfSide },
  how: { readonly rest: boolean; readonly change: number; readonly ratio: number; readonly batches: number },
): number {
  const { rest, change, ratio, batches } = how;
  const old = batchSums(before, row, rest, 1, batches);
  const now = batchSums(after, row, rest, change, batches);
  let squares = 0;
  for (let batch = 0; batch < batches; batch++) squares += (now[batch]! - ratio * old[batch]!) ** 2;
  const variance = independentVariance(part.after) + ratio * ratio * independentVariance(part.before);
  return variance > 0 ? (squares * batches) / (batches - 1) / variance : Number.NaN;
}

function unitOf({ total, totalSquares }: PartOfSide): number {
  return totalSquares / total;
}

function isMostOfAll({ before, after }: { readonly before: PartOfSide; readonly after: PartOfSide }): boolean {
  return before.weight / before.total + after.weight / after.total > 1;
}

/** Of the row, or of the rest where that is less. */
function meanShare({ before, after }: { readonly before: PartOfSide; readonly after: PartOfSide }): number {
  const share = (before.weight / before.total + after.weight / after.total) / 2;
  return Math.min(share, 1 - share);
}

/** The variance of a part's weight for a given whole, or of the rest's, of samples that are independent of each other. */
function independentVariance({ weight, squares, total, totalSquares }: PartOfSide): number {
  const share = weight / total;
  return (1 - share) ** 2 * squares + share ** 2 * Math.max(0, totalSquares - squares);
}

function lesserPart({ blocks, rows, whole }: BlockWeights, row: number, block: number, rest: boolean): number {
  const weight = rows[row * blocks + block]!;
  return rest ? Math.max(0, whole[block]! - weight) : weight;
}

function earlyWeight(side: BlockWeights, row: number, rest: boolean): number {
  let early = 0;
  for (let block = 0; block < side.blocks * WARM_UP; block++) early += lesserPart(side, row, block, rest);
  return early;
}

/**
 * The weight of a row, or of the rest, in equal parts of the run.
 * @param slower how many times slower the row's own time passes
 */
function batchSums(side: BlockWeights, row: number, rest: boolean, slower: number, batches: number): Float64Array {
  const sums = new Float64Array(batches);
  const passed = (block: number, part: number) => side.whole[block]! - part + part / slower;
  let whole = 0;
  for (let block = 0; block < side.blocks; block++) whole += passed(block, lesserPart(side, row, block, rest));
  const each = whole / batches;
  let done = 0;
  for (let block = 0; block < side.blocks; block++) {
    const part = lesserPart(side, row, block, rest);
    const from = done / each;
    done += passed(block, part);
    spread(part, from, done / each, sums);
  }
  return sums;
}

/** The weight of a row, or of the rest, of one side. */
function lesserWeight({ weight, total }: PartOfSide, rest: boolean): number {
  return rest ? total - weight : weight;
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
