/** The numbers in ascending order, in a column of their own. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * The value below which a part of the sample lies, by linear interpolation between order statistics (type 7 of Hyndman
 * and Fan, as R, NumPy and Criterion have it); NaN of an empty sample.
 * @param ascending the sample, sorted
 * @param part 0 to 1
 */
export function quantile(ascending: Float64Array, part: number): number {
  if (ascending.length === 0) return Number.NaN;
  const rank = part * (ascending.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below]! + (rank - below) * (ascending[above]! - ascending[below]!);
}

/** The middle of a sample in any order; NaN of an empty one. */
export function median(values: ArrayLike<number>): number {
  return quantile(sorted(values), 0.5);
}
