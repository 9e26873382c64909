import type { SourcePlace } from './check-report.ts';
import type { KeptResult } from './entry.ts';

/** One number that was measured. */
export interface Quantity {
  readonly value: number;
  /** Bounds of its interval, with the statistics of the command that measured it; absent where it has none. */
  readonly low?: number;
  readonly high?: number;
  /** `ns`, `bytes`, `count`, `ratio`, `ops/s`, ... */
  readonly unit: string;
  readonly better: KeptResult['better'];
}

/** Something that was measured: a benchmark, a load, a function of a profile. */
export interface Subject {
  /** One of {@link SUBJECT_KINDS}. */
  readonly kind: string;
  /** '' where there is but one. */
  readonly name: string;
  readonly place?: SourcePlace;
  /** What {@link quantity} knows, for messages. */
  readonly stats: readonly string[];
  /**
   * @param share as a part of the whole, where it can be said so: `ratio`
   * @returns undefined where there is no such number
   */
  quantity(stat: string, share: boolean): Quantity | undefined;
  /** The name under which a history keeps this number; undefined where it keeps none. */
  keptName(stat: string): string | undefined;
}

/** All that some files of results hold. */
export interface Measurements {
  readonly subjects: readonly Subject[];
  /** What of it a history keeps. */
  readonly kept: readonly KeptResult[];
  readonly notes: readonly string[];
}

/** A subject whose numbers are known beforehand. @param keptNames by statistic; those without one are not kept */
export function subjectOf(
  kind: string,
  name: string,
  quantities: ReadonlyMap<string, Quantity>,
  more: { readonly place?: SourcePlace; readonly keptNames?: ReadonlyMap<string, string> } = {},
): Subject {
  return {
    kind,
    name,
    ...(more.place === undefined ? {} : { place: more.place }),
    stats: [...quantities.keys()],
    quantity: (stat, share) => {
      const found = quantities.get(stat);
      return found === undefined || (share && found.unit !== 'ratio' && found.unit !== '%') ? undefined : found;
    },
    keptName: (stat) => more.keptNames?.get(stat),
  };
}
