import type { HeaptrackMoment } from './recording.ts';

/** As many moments are kept at most; then every other one is, and later ones come half as often. */
const MOST = 120;
/** Of every so many moments it is kept who had how much in use. */
const DETAILED = 5;

/** A run with fewer times than this is too short to be shown by time: heaptrack looks at the clock each 10 ms. */
const FEW = 40;

/** Moments of a run of any length, evenly spread over it. */
export class Moments {
  private kept: (HeaptrackMoment & { readonly ordinal: number })[] = [];
  private each = 1;
  private count = 0;

  /** @param sites asked for what each site has in use, where that will be kept */
  add(time: number, heap: number, sites: () => Float64Array): void {
    const ordinal = this.count++;
    if (ordinal % this.each !== 0) return;
    const detailed = ordinal % (this.each * DETAILED) === 0;
    this.kept.push({ ordinal, time, heap, sites: detailed ? sites() : undefined, peak: false });
    if (this.kept.length < MOST) return;
    this.each *= 2;
    this.kept = this.kept
      .filter((moment) => moment.ordinal % this.each === 0)
      .map((moment) => (moment.ordinal % (this.each * DETAILED) === 0 ? moment : { ...moment, sites: undefined }));
  }

  /** Whether they are too few to show a course. */
  get areFew(): boolean {
    return this.count < FEW;
  }

  /** In the order of time. @param peak and `end` have details */
  list(peak: HeaptrackMoment, end: HeaptrackMoment): HeaptrackMoment[] {
    const moments: HeaptrackMoment[] = this.kept.filter(({ time }) => time < end.time);
    const at = moments.findIndex(({ time }) => time > peak.time);
    moments.splice(at < 0 ? moments.length : at, 0, peak);
    return [...moments, end];
  }
}
