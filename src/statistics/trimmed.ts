import { sorted } from './quantile.ts';
import type { Estimate } from './welch.ts';

/**
 * The mean without the `cut` lowest and the `cut` highest numbers, with the variance that Yuen gives it (Biometrika 61,
 * 1974): the squares of deviations after winsorising, over h (h - 1), where h numbers are left. One run that was
 * disturbed then moves neither the mean nor its interval by much; without a cut it is the mean and its usual variance.
 * @param values at least 2 * cut + 2 numbers
 */
export function trimmedMean(values: ArrayLike<number>, cut: number): Estimate {
  const ascending = sorted(values);
  const n = ascending.length;
  const left = n - 2 * cut;
  let sum = 0;
  for (let i = cut; i < n - cut; i++) sum += ascending[i]!;
  const low = ascending[cut]!;
  const high = ascending[n - 1 - cut]!;
  let winsorised = 0;
  for (let i = 0; i < n; i++) winsorised += Math.min(high, Math.max(low, ascending[i]!)) / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (Math.min(high, Math.max(low, ascending[i]!)) - winsorised) ** 2;
  return { mean: sum / left, variance: squares / (left * (left - 1)), freedom: left - 1 };
}
