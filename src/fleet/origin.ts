import type { Labels } from './labels.ts';

/** Where a profile comes from, and when it was. */
export interface Origin {
  readonly service: string;
  readonly host: string;
  readonly labels: Labels;
  /** When its first sample was taken, where the profile does not say: milliseconds since the epoch. */
  readonly start: number;
}
