/**
 * How alike neighbours of a series may be: not at all, or as on machines that warm up and cool down. Values still more alike look
 * like steps, and steps like them: to allow for them would hide steps.
 */
const DEPENDENCES: readonly number[] = [0, 0.3];
/** Logarithm of how much rarer a step is in values that hang together than that they wander: they leave a level by themselves. */
const RARER = 3;

/**
 * How much better a step explains the newest values than a series that hangs together and has none, as the logarithm of the
 * ratio of their likelihoods (Bayes factor: levels and noise over flat priors, the step as large as fits best).
 * @param starts where the levels begin that are known, the first one's 0 included
 * @param at where the step would be, behind the last of them
 */
export function stepEvidence(values: Float64Array, starts: readonly number[], at: number): number {
  const withStep: number[] = [];
  const without: number[] = [];
  for (const r of DEPENDENCES) {
    let squares = 0;
    let squaresWithStep = 0;
    let constant = 0;
    for (const [i, start] of starts.entries()) {
      const level = values.subarray(start, starts[i + 1] ?? values.length);
      const found = squaresOf(level, r, i === starts.length - 1 ? at - start : level.length);
      squares += found.without;
      squaresWithStep += found.withStep;
      constant += (Math.log(1 - r * r) - Math.log(found.ones)) / 2;
    }
    const half = (values.length - starts.length) / 2;
    without.push(constant - half * Math.log(squares));
    withStep.push(constant - half * Math.log(squaresWithStep) - (r === 0 ? 0 : RARER));
  }
  const none = logOfSum(without);
  // Values that never vary need no step
  return none === Number.POSITIVE_INFINITY ? 0 : logOfSum(withStep) - none;
}

/** What a level leaves of the squares of values of which each takes a share of `r` from the one before. */
function squaresOf(
  level: Float64Array,
  r: number,
  at: number,
): { readonly without: number; readonly withStep: number; readonly ones: number } {
  // Whitened: what is new of each value, of the level and of the step
  const first = Math.sqrt(1 - r * r);
  let [ones, steps, squares, oneStep, oneValue, stepValue] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < level.length; i++) {
    const one = i === 0 ? first : 1 - r;
    const step = i < at ? 0 : i === at ? 1 : 1 - r;
    // Less the first value: sums of values near 0 lose nothing
    const value = i === 0 ? 0 : level[i]! - level[0]! - r * (level[i - 1]! - level[0]!);
    ones += one * one;
    steps += step * step;
    squares += value * value;
    oneStep += one * step;
    oneValue += one * value;
    stepValue += step * value;
  }
  const without = Math.max(0, squares - oneValue ** 2 / ones);
  if (steps === 0) return { without, withStep: without, ones };
  const product = stepValue - (oneStep * oneValue) / ones;
  return { without, withStep: Math.max(0, without - product ** 2 / (steps - oneStep ** 2 / ones)), ones };
}

function logOfSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most === Number.POSITIVE_INFINITY
    ? most
    : most + Math.log(logs.reduce((sum, one) => sum + Math.exp(one - most), 0));
}
