import type { KeptCommit } from '../../history/entry.ts';

/** A picture that was kept with a run: where it is, beside the page. */
export interface ShownPicture {
  readonly title: string;
  readonly href: string;
}

/** What the page knows but for its numbers: JSON. */
export interface HistoryHead {
  readonly title: string;
  readonly commits: readonly (KeptCommit & { readonly pictures?: readonly ShownPicture[] })[];
  readonly series: readonly {
    readonly suite: string;
    readonly name: string;
    readonly unit: string;
    readonly better: 'smaller' | 'bigger';
    readonly machine: string;
    /** Values. */
    readonly count: number;
    /** `change` is null where there is no ratio. */
    readonly changes: readonly {
      readonly at: number;
      readonly before: number;
      readonly after: number;
      readonly change: number | null;
      readonly verdict: 'regressed' | 'improved';
      readonly isDrift: boolean;
      readonly pictures?: readonly ShownPicture[];
    }[];
    readonly outliers: readonly number[];
  }[];
}
