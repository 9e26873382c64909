/**
 * Round numbers for an axis from 0 to at least `most`: steps of 1, 2 or 5 times a power of ten.
 * @param most the largest value that is drawn; 0 and less, and what is next to nothing, gives one step of 1
 * @param about how many steps there may be
 */
export function axisTicks(most: number, about: number): number[] {
  // Below, powers of ten are no longer what they should be
  const end = most >= 1e-300 && Number.isFinite(most) ? most : 1;
  const rough = end / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const count = Math.ceil(end / step - 1e-9);
  // Whole multiples, so that 0.1 * 3 is 0.3
  return Array.from({ length: count + 1 }, (_none, i) => Number((i * step).toPrecision(12)));
}
