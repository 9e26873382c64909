import { kindTotals } from '../profile/kind-totals.ts';
import { defaultValueIndex, type Kind, type Profile, type Thread } from '../profile/profile.ts';
import { sampleCount } from '../profile/sample-count.ts';
import { top } from '../profile/top.ts';
import { totalWeight } from '../profile/total.ts';

/** What `--json` prints. Fields may be added; these stay. Names are raw: JSON escapes them. */
export interface Report {
  readonly version: 1;
  /** Id of the format it was read from; '' = built in memory. */
  readonly format: string;
  /** Number of samples. */
  readonly samples: number;
  readonly weight: { readonly type: string; readonly unit: string; readonly total: number };
  readonly threads: readonly Thread[];
  /** Heaviest first; sums to the whole weight. */
  readonly kinds: readonly { readonly kind: Kind; readonly self: number }[];
  /** Every function with weight, hottest first. */
  readonly top: readonly {
    readonly name: string;
    /** '' = unknown. */
    readonly file: string;
    /** 1-based; 0 = unknown. */
    readonly line: number;
    /** '' = unknown. */
    readonly module: string;
    readonly kind: Kind;
    readonly self: number;
    readonly total: number;
  }[];
  readonly notes: readonly string[];
}

/** The profile in numbers, for other programs. Values are in the unit of the default value type. */
export function reportJson(profile: Profile): Report {
  const { type, unit } = profile.valueTypes[defaultValueIndex(profile)]!;
  return {
    version: 1,
    format: profile.meta.format ?? '',
    samples: sampleCount(profile),
    weight: { type, unit, total: totalWeight(profile) },
    threads: profile.threads,
    kinds: kindTotals(profile),
    top: top(profile),
    notes: profile.meta.notes,
  };
}
