import type { Comparison } from '../profile/diff/comparison.ts';
import type { Profile } from '../profile/profile.ts';
import { BEFORE_AFTER } from './folded/counts.ts';
import { writeFolded } from './folded/write.ts';

export interface DifffoldedOptions {
  /** The first count is on the scale of the second, cut to a whole number, as `difffolded.pl -n` has it. Default false. */
  readonly normalize?: boolean;
  /** Counts are multiplied by it. Default 1. */
  readonly factor?: number;
}

/**
 * A comparison as the folded text of difffolded.pl and inferno-diff-folded: `stack BEFORE AFTER`, self counts, one line a
 * stack that either side has, sorted by frames. Counts of samples are cut to whole numbers, as inferno does and as its
 * flame graphs need it; other weights keep their fractions.
 * @returns also notes: what was cut
 */
export function writeDifffolded(
  comparison: Comparison,
  { normalize = false, factor = 1 }: DifffoldedOptions = {},
): { readonly chunks: Iterable<Uint8Array>; readonly notes: readonly string[] } {
  const { profile, unit, before, after } = comparison;
  const { samples } = profile;
  const scale = normalize && before.total > 0 ? after.total / before.total : 1;
  const whole = unit.unit === 'count';
  let lost = 0;
  const column = (index: number): Float64Array => {
    const scaled = index === 0 && normalize;
    return Float64Array.from(samples.values[index]!, (weight) => {
      const count = weight * factor;
      if (whole) lost += count - Math.trunc(count);
      return scaled ? Math.trunc(count * scale) : whole ? Math.trunc(count) : count;
    });
  };
  const differential: Profile = {
    ...profile,
    valueTypes: BEFORE_AFTER,
    samples: { ...samples, values: [column(0), column(1)] },
  };
  const notes =
    lost > 0
      ? [
          `fractions of counts are left out of folded text, ${Number(lost.toPrecision(3))} in all: --factor 100 keeps more`,
        ]
      : [];
  return { chunks: writeFolded(differential), notes };
}
