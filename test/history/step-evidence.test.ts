import { describe, expect, test } from 'vitest';
import { stepEvidence } from '../../src/history/step-evidence.ts';
import { SeededRandom } from '../../src/statistics/random.ts';

/** Values of which each takes a share of `r` from the one before. */
function wandering(length: number, r: number, seed: number): Float64Array {
  const random = new SeededRandom(seed);
  let last = random.normal();
  return Float64Array.from({ length }, () => {
    last = r * last + Math.sqrt(1 - r * r) * random.normal();
    return last;
  });
}

/** By Gauss' elimination: `matrix`^-1 `right`, and the logarithm of the determinant. */
function solved(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): { x: number[]; logDeterminant: number } {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  let logDeterminant = 0;
  for (const [i, pivot] of rows.entries()) {
    logDeterminant += Math.log(pivot[i]!);
    for (const row of rows) {
      if (row === pivot) continue;
      const share = row[i]! / pivot[i]!;
      for (const k of row.keys()) row[k]! -= share * pivot[k]!;
    }
  }
  return { x: rows.map((row, i) => row.at(-1)! / row[i]!), logDeterminant };
}

/** The likelihood with all correlations written out; `columns`: one for each level, then the step. */
function likelihood(levels: readonly Float64Array[], r: number, stepAt?: number): number {
  const all = levels.flatMap((level) => [...level]);
  const levelOf = levels.flatMap((level, i) => new Array<number>(level.length).fill(i));
  const covariance = all.map((_, i) =>
    all.map((_, k) => (levelOf[i] === levelOf[k] ? r ** Math.abs(i - k) / (1 - r * r) : 0)),
  );
  const columns = levels.map((_, one) => levelOf.map((level) => (level === one ? 1 : 0)));
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const information = (used: readonly (readonly number[])[]): number[][] =>
    used.map((a) => used.map((b) => dot(a, solved(covariance, b).x)));
  const { x, logDeterminant } = solved(covariance, all);
  const used = stepAt === undefined ? columns : [...columns, all.map((_, i) => (i >= stepAt ? 1 : 0))];
  const products = used.map((column) => dot(column, x));
  const squares = dot(all, x) - dot(products, solved(information(used), products).x);
  const levelsOnly = solved(information(columns), new Array<number>(columns.length).fill(0)).logDeterminant;
  return -logDeterminant / 2 - levelsOnly / 2 - ((all.length - levels.length) / 2) * Math.log(squares);
}

describe('evidence of a step', () => {
  test('is the ratio of likelihoods with all correlations written out', () => {
    const [one, two] = [wandering(14, 0.3, 1), wandering(20, 0, 2)];
    for (let i = 16; i < 20; i++) two[i]! += 2;
    const both = Float64Array.from([...one, ...two]);
    const without = [0, 0.3].map((r) => Math.exp(likelihood([one, two], r)));
    const withStep = [0, 0.3].map((r) => Math.exp(likelihood([one, two], r, 30) - (r === 0 ? 0 : 3)));
    const expected = Math.log((withStep[0]! + withStep[1]!) / (without[0]! + without[1]!));
    expect(stepEvidence(both, [0, 14], 30)).toBeCloseTo(expected, 8);
  });

  test('depends on neither the unit nor the size of the values', () => {
    const values = wandering(45, 0, 3);
    const moved = values.map((value) => 1e6 + 20 * value);
    expect(stepEvidence(moved, [0], 40)).toBeCloseTo(stepEvidence(values, [0], 40), 6);
  });

  test('a step among values on their own has it, values that wander as far have less', () => {
    let [steps, wanders] = [0, 0];
    for (let seed = 1; seed <= 200; seed++) {
      for (const [r, shift] of [
        [0, 2.5],
        [0.6, 0],
      ] as const) {
        const values = wandering(45, r, seed);
        for (let i = 40; i < 45; i++) values[i]! += shift;
        if (stepEvidence(values, [0], 40) > 3.6) r === 0 ? steps++ : wanders++;
      }
    }
    expect(steps).toBeGreaterThan(180);
    expect(wanders).toBeLessThan(3);
  });

  test('values that never vary have none; a step of them is beyond doubt', () => {
    expect(stepEvidence(new Float64Array(20).fill(5), [0], 15)).toBe(0);
    expect(
      stepEvidence(
        Float64Array.from({ length: 20 }, (_, i) => (i < 15 ? 5 : 6)),
        [0],
        15,
      ),
    ).toBe(Number.POSITIVE_INFINITY);
  });
});
