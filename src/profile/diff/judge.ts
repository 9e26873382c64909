import { benjaminiHochberg } from '../../statistics/false-discovery.ts';
import { normalQuantile, normalTwoSided } from '../../statistics/normal.ts';
import { COMPILED_RUN_SPREAD, type Design, RUN_SPREAD, testChange } from './change-test.ts';
import { type Changes, VERDICTS, type Verdict } from './comparison.ts';
import { ASSUMED_DESIGN_EFFECT, designEffects, type PartOfSide } from './design-effect.ts';
import { type Estimates, type RowSums, rateEstimates, type SideRows, shareEstimates } from './estimates.ts';
import type { Hypotheses } from './hypotheses.ts';
import type { Reference } from './reference-scale.ts';
import { meanRows } from './row-weights.ts';
import type { SideWeights } from './side-rows.ts';
import type { BlockWeights } from './time-blocks.ts';

export interface JudgeOptions {
  readonly scale: number;
  readonly alpha: number;
  readonly threshold: number;
  /** Whether rows are compared as parts of the whole. */
  readonly normalize: boolean;
  /** The scale at which most functions did not change; undefined = not known. */
  readonly reference: Reference | undefined;
  /** Whether the program, or a part of it, was compiled while it ran. */
  readonly compiled: boolean;
  /** Rows of less than this part of the whole may be a compiler's warm-up where samples have no times. */
  readonly warmUpShare: number;
}

const verdictIndex = new Map<Verdict, number>(VERDICTS.map((verdict, i) => [verdict, i]));

/**
 * Says of each row whether it changed. A row that is tested changed significantly if
 *
 * - its weight changed at the scale at which most functions did not change (`referenceScale`). That is what one sees of
 *   a function that became slower: its part of the whole changes less, and less surely, as the whole grew with it,
 * - its part of the whole changed in the same direction, and where samples come in bursts (a design effect above
 *   {@link ASSUMED_DESIGN_EFFECT}) more than by chance too: the larger of both p-values counts. Where that scale is not
 *   known this is what is tested, and where weights are compared as they are, the weight,
 * - that survives Benjamini and Hochberg's correction for all hypotheses, and
 * - the change is at least `threshold` of the whole.
 *
 * One run a side says nothing of what differs between runs of the same program. So two kinds of rows are never
 * significant then: the kernel's code for interrupts (`interruptedPaths`) and, where there is a just-in-time compiler, what
 * runs at the start only, or may (`DesignEffects.warmUp`).
 *
 * What a drawing may have left out is put where it makes the change smallest. Rows that are not tested get an interval
 * and a p-value for the eye, never a verdict.
 */
export function judge(
  before: SideRows,
  after: SideRows,
  hypotheses: Hypotheses,
  blocks: { readonly before: BlockWeights | undefined; readonly after: BlockWeights | undefined },
  options: JudgeOptions,
): Changes {
  const length = before.weight.length;
  const { scale, alpha, threshold } = options;
  const columns = {
    delta: new Float64Array(length),
    low: new Float64Array(length),
    high: new Float64Array(length),
    p: new Float64Array(length),
  };
  // Weights as they are: of the heavier side, so that it does not matter which is which
  const leastEffect = threshold * (options.normalize ? after.total : Math.max(before.total, after.total));
  // No part of the whole changes by more than that
  const most = options.normalize ? after.total : Number.POSITIVE_INFINITY;
  const tester = new RowTester(before, after, options);
  const parts = Array.from(hypotheses.row, (row) => ({ before: partOf(before, row), after: partOf(after, row) }));
  const { effect, freedom, warmUp } = designEffects(blocks.before, blocks.after, parts, options.warmUpShare);
  const spread = options.compiled ? COMPILED_RUN_SPREAD : RUN_SPREAD;
  const single = before.runs.length === 1 || after.runs.length === 1;
  const tests = Array.from(hypotheses.row, (row, i) =>
    tester.test(row, { effect: effect[i]!, freedom: freedom[i]!, spread }),
  );
  const judged = tests.map(({ p }, i) => (single && options.compiled && warmUp[i] === 1 ? Number.NaN : p));
  const adjusted = benjaminiHochberg(Float64Array.from(judged));
  const verdict = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    const hypothesis = hypotheses.of[row]!;
    const test = hypothesis < 0 ? tester.glance(row) : tests[hypothesis]!;
    const delta = after.weight[row]! - before.weight[row]! * scale;
    const significant = hypothesis >= 0 && adjusted[hypothesis]! <= alpha && Math.abs(test.least) >= leastEffect;
    columns.delta[row] = delta;
    columns.low[row] = Math.max(Math.min(-most, delta), delta - before.hidden[row]! * scale - test.below);
    columns.high[row] = Math.min(Math.max(most, delta), delta + after.hidden[row]! + test.above);
    columns.p[row] = test.p;
    verdict[row] = verdictIndex.get(tester.verdict(row, significant, delta))!;
  }
  return { length, before: before.weight, after: after.weight, ...columns, verdict };
}

/** What an interval and a verdict of a row are made of. */
interface RowTest {
  readonly p: number;
  /** How far the interval reaches below the change, and above it. */
  readonly below: number;
  readonly above: number;
  /** The smallest change that there may have been, as far as drawings leave it open. */
  readonly least: number;
}

class RowTester {
  private readonly before: SideRows;
  private readonly after: SideRows;
  private readonly options: JudgeOptions;
  private readonly width: number;

  constructor(before: SideRows, after: SideRows, options: JudgeOptions) {
    this.before = before;
    this.after = after;
    this.options = options;
    this.width = normalQuantile(1 - options.alpha / 2);
  }

  test(row: number, design: Design): RowTest {
    const { before, after } = this;
    const { alpha, normalize, reference } = this.options;
    const { sums, least } = this.leastChange(row);
    const runs = { before: runsOf(before, row), after: runsOf(after, row) };
    const main = normalize
      ? shareEstimates(before, after, sums, runs)
      : rateEstimates(before, after, sums, runs, ones(before, after));
    const { p, below, above } = testChange(main.before, main.after, design, alpha);
    // What is tested may differ from what was measured: both must have changed in one direction
    const direction = Math.sign(changeOf(main));
    if (direction !== Math.sign(least)) return { p: 1, below, above, least };
    if (!normalize || reference === undefined || direction === 0) return { p, below, above, least };
    const rates = rateEstimates(before, after, sums, runs, reference);
    if (Math.sign(changeOf(rates)) !== direction) return { p: 1, below, above, least };
    const weight = testChange(rates.before, rates.after, design, alpha);
    // Of samples that come in bursts the scale is less certain than it looks
    if (design.effect > ASSUMED_DESIGN_EFFECT) return { p: Math.max(p, weight.p), below, above, least };
    // If all else is as it was, the part is known as precisely, in relation to its change, as the weight is
    const precise = Math.abs(changeOf(main) / changeOf(rates));
    return {
      p: weight.p,
      below: Math.min(below, weight.below * precise),
      above: Math.min(above, weight.above * precise),
      least,
    };
  }

  /** A row that is too light to be tested: the normal approximation. */
  glance(row: number): RowTest {
    const { before, after } = this;
    const { sums, least } = this.leastChange(row);
    const { normalize, scale } = this.options;
    const old = sums.before.squares * (normalize ? 1 - sums.before.weight / before.total : 1);
    const now = sums.after.squares * (normalize ? 1 - sums.after.weight / after.total : 1);
    const error = Math.sqrt(Math.max(0, now + scale * scale * old));
    const halfWidth = this.width * error;
    return { p: error > 0 ? normalTwoSided(least / error) : 1, below: halfWidth, above: halfWidth, least };
  }

  verdict(row: number, significant: boolean, delta: number): Verdict {
    const old = this.before.weight[row]!;
    const now = this.after.weight[row]!;
    const cut = (old === 0 && this.before.hidden[row]! > 0) || (now === 0 && this.after.hidden[row]! > 0);
    if (!significant) return cut ? 'below-cut' : 'unchanged';
    if (old === 0 && !cut) return 'new';
    if (now === 0 && !cut) return 'gone';
    return delta > 0 ? 'grew' : 'shrank';
  }

  /** The row as it is if what drawings left out makes the change as small as it can. */
  private leastChange(row: number): { sums: RowSums; least: number } {
    const { before, after } = this;
    const { scale } = this.options;
    const old = before.weight[row]!;
    const now = after.weight[row]!;
    const delta = now - old * scale;
    const addOld = delta > 0 ? before.hidden[row]! : 0;
    const addNow = delta < 0 ? after.hidden[row]! : 0;
    const least = now + addNow - (old + addOld) * scale;
    return {
      sums: { before: sumsOf(before, row, addOld), after: sumsOf(after, row, addNow) },
      least: Math.sign(least) === Math.sign(delta) ? least : 0,
    };
  }
}

/** @param hidden what the row may weigh beside */
function sumsOf({ tested, total, totalSquares }: SideRows, row: number, hidden: number): RowSums['before'] {
  const unit = total > 0 ? totalSquares / total : 0;
  return { weight: tested.weight[row]! + hidden, squares: tested.squares[row]! + hidden * unit };
}

function runsOf({ runs }: SideRows, row: number): number[] {
  return runs.map((weight) => weight[row]!);
}

function ones(before: SideRows, after: SideRows) {
  return { before: before.totals.map(() => 1), after: after.totals.map(() => 1) };
}

function changeOf({ before, after }: Estimates): number {
  return after.weight - before.weight;
}

function partOf({ tested, total, totalSquares }: SideRows, row: number): PartOfSide {
  return { weight: tested.weight[row]!, squares: tested.squares[row]!, total, totalSquares };
}

/** What there is to say where nothing can be tested: weights and verdicts without chance. */
export function untested(before: SideWeights, after: SideWeights, rows: 'paths' | 'functions', scale: number): Changes {
  const old = meanRows(before[rows]).weight;
  const now = meanRows(after[rows]).weight;
  const [hiddenOld, hiddenNow] = [before, after].map((side) =>
    rows === 'paths' ? side.hiddenPaths : side.hiddenFunctions,
  );
  const unknown = () => new Float64Array(old.length).fill(Number.NaN);
  const cut = (row: number) =>
    (old[row] === 0 && hiddenOld![row]! > 0) || (now[row] === 0 && hiddenNow![row]! > 0) ? 'below-cut' : 'untested';
  return {
    length: old.length,
    before: old,
    after: now,
    delta: now.map((weight, row) => weight - old[row]! * scale),
    low: unknown(),
    high: unknown(),
    p: unknown(),
    verdict: Uint8Array.from(old, (_, row) => verdictIndex.get(cut(row))!),
  };
}
