import { mean, variance } from '../../statistics/moments.ts';
import { beyond, reachOf, verdictOf } from './interval.ts';
import { DEFAULT_BUDGET, DEFAULT_NOISE, type PairedVerdict, type VerdictOptions } from './verdict.ts';

export interface ApartOptions extends VerdictOptions {
  /** How far the level of the machine moves between two sessions, as a standard deviation of logarithms. Default 0.02. */
  readonly sessionDrift?: number;
}

const DEFAULT_SESSION_DRIFT = 0.02;
/** Degrees of freedom of a drift that is known from elsewhere. */
const KNOWN = 1_000;

/**
 * What two sides say that were measured at different times, such as a stored baseline. Processes of one session share
 * the level of the machine at that time, so that no number of them tells how far sessions are apart: the interval is
 * widened by that, and never becomes narrower than that.
 * @param base logarithms of what each process took; two at least
 * @param head the same
 */
export function compareApart(
  base: ArrayLike<number>,
  head: ArrayLike<number>,
  options: ApartOptions = {},
): PairedVerdict {
  const { noise = DEFAULT_NOISE, budget = DEFAULT_BUDGET, sessionDrift = DEFAULT_SESSION_DRIFT } = options;
  const band = Math.log1p(noise);
  const side = (logs: ArrayLike<number>) => ({
    mean: mean(logs),
    variance: variance(logs) / logs.length,
    freedom: logs.length - 1,
  });
  const [old, now] = [side(base), side(head)];
  const own = old.variance + now.variance;
  const drift = 2 * sessionDrift ** 2;
  const total = own + drift;
  const freedom =
    total === 0
      ? old.freedom + now.freedom
      : total ** 2 / (old.variance ** 2 / old.freedom + now.variance ** 2 / now.freedom + drift ** 2 / KNOWN);
  const whole = { mean: now.mean - old.mean, variance: total, freedom };
  const reach = reachOf(whole, budget);
  return {
    ratio: Math.exp(whole.mean),
    low: Math.exp(whole.mean - reach),
    high: Math.exp(whole.mean + reach),
    k: Math.min(base.length, head.length),
    p: beyond(whole, band),
    verdict: verdictOf(whole.mean, reach, band),
  };
}
