import { median } from '../../statistics/quantile.ts';

/** Counts of one side: instructions of each run, or of an iteration by each pair of runs. */
export interface Counts {
  readonly name: string;
  readonly values: readonly number[];
}

/** More, fewer or as many: words of verdicts on times are kept, as they mean the same to whoever reads a table. */
type CountVerdict = 'regressed' | 'improved' | 'equivalent' | 'inconclusive';

export interface CountComparison {
  readonly base: Counts;
  readonly head: Counts;
  /** head / base, of the medians. */
  readonly ratio: number;
  /** How far the ratio may be off, by how far runs of either side are apart: a part of it. */
  readonly uncertainty: number;
  readonly verdict: CountVerdict;
}

/** Counts repeat to some hundredths of a percent, so that half a percent is a change. */
export const COUNT_NOISE = 0.005;

/** The middle of the counts of one side. */
export function typicalCount({ values }: Counts): number {
  return median(values);
}

/** How far counts of one side are from each other, as a part of their median: 0 of a single one. */
export function spreadOfCounts({ values }: Counts): number {
  return values.length < 2 ? 0 : (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * Compares counts. They hardly vary, so nothing is estimated: what differs by more than the threshold and all that runs of
 * the same side differ by is a change; what cannot differ by the threshold is none.
 * @param noise changes up to this part do not matter
 */
export function compareCounts(base: Counts, head: Counts, noise = COUNT_NOISE): CountComparison {
  const ratio = median(head.values) / median(base.values);
  const uncertainty = spreadOfCounts(base) + spreadOfCounts(head);
  const change = ratio - 1;
  const verdict =
    change - uncertainty > noise
      ? 'regressed'
      : change + uncertainty < -noise
        ? 'improved'
        : Math.abs(change) + uncertainty < noise
          ? 'equivalent'
          : 'inconclusive';
  return { base, head, ratio, uncertainty, verdict };
}
