/** What the picture's script knows of the chart, as JSON in the picture itself. */
export interface ChartData {
  readonly timeUnit: string;
  /** By snapshot: its number, time, px from the left edge of the plot, 0 = no details 1 = details 2 = marked peak. */
  readonly number: readonly number[];
  readonly time: readonly number[];
  readonly x: readonly number[];
  readonly detail: readonly number[];
  /** Bytes by band, bottom first, and snapshot. */
  readonly bands: readonly (readonly number[])[];
  /** Bytes at the top edge of the plot, and its height in px. */
  readonly top: number;
  readonly height: number;
  /** The snapshot that is described while none is pointed at. */
  readonly home: number;
}

/** Ids and classes that the picture and its script agree on. */
export const CHART = {
  root: 'pforge-heap',
  data: 'heap-data',
  plot: 'heap-plot',
  cursor: 'heap-cursor',
  moment: 'heap-moment',
  bytes: 'heap-bytes',
  share: 'heap-share',
  row: 'heap-row',
  band: 'heap-band',
} as const;
