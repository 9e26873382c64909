/** Samples with their times: those of one thread together, in the order of time. */
export interface TimedSamples {
  readonly length: number;
  /** The row of the profile's samples that each is part of. */
  readonly sum: Int32Array;
  /** Nanoseconds since the first sample. */
  readonly time: Float64Array;
  /** One column a value type. */
  readonly values: readonly Float64Array[];
}
