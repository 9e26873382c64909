/** Where a piece of a series differs most from the piece behind it. */
export interface Split {
  /** The first value of the second piece, which ends before `end`; the first piece starts where the search does. */
  readonly at: number;
  readonly end: number;
  /** The weighted energy distance of both pieces. */
  readonly distance: number;
}

/**
 * The best split of a series by the E-divisive method (Matteson and James, "A Nonparametric Approach for Multiple Change
 * Point Analysis of Multivariate Data", 2014; alpha = 1): of all `from ≤ τ < κ ≤ to` the one of the largest
 * n₁n₂/(n₁+n₂) · (2·E|X−Y| − E|X−X′| − E|Y−Y′|). O(n²) by sums over the table of distances.
 * @param sums of {@link distanceSums}
 * @param least values in either piece
 */
export function bestSplit(sums: DistanceSums, from: number, to: number, least: number): Split | undefined {
  let best: Split | undefined;
  for (let at = from + least; at <= to - least; at++) {
    const before = at - from;
    const within = sums.between(from, at, from, at) / (before * before);
    for (let end = at + least; end <= to; end++) {
      const after = end - at;
      const across = sums.between(from, at, at, end) / (before * after);
      const inside = sums.between(at, end, at, end) / (after * after);
      const distance = ((before * after) / (before + after)) * (2 * across - within - inside);
      if (best === undefined || distance > best.distance) best = { at, end, distance };
    }
  }
  return best;
}

/** Sums of |x − y| over pairs of pieces of a series. */
export interface DistanceSums {
  /** Over all pairs of a value of the one piece and a value of the other; ends are behind the last. */
  between(from: number, to: number, otherFrom: number, otherTo: number): number;
}

/** O(n²) time and memory. */
export function distanceSums(values: Float64Array): DistanceSums {
  const width = values.length + 1;
  const table = new Float64Array(width * width);
  for (let i = 1; i < width; i++) {
    let row = 0;
    for (let j = 1; j < width; j++) {
      row += Math.abs(values[i - 1]! - values[j - 1]!);
      table[i * width + j] = table[(i - 1) * width + j]! + row;
    }
  }
  return {
    between: (from, to, otherFrom, otherTo) =>
      table[to * width + otherTo]! -
      table[from * width + otherTo]! -
      table[to * width + otherFrom]! +
      table[from * width + otherFrom]!,
  };
}
