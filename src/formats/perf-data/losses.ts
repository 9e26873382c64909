import { plural } from '../../plural.ts';
import { formatPercent } from '../../profile/units.ts';
import type { Notes } from '../format.ts';

const LESS = 'sample less often (-F), or without copying stacks (--call-graph fp)';

/** Counts what a recording lacks and what of it was not understood; says so in the end, each in one note. */
export class Losses {
  /** Records that found no room in a buffer because perf did not empty it in time: samples mostly. */
  lost = 0;
  /** Samples that were dropped, as their events count them. */
  lostSamples = 0;
  /** Since perf reads those counts in the end (`PERF_FORMAT_LOST`), what found no room is in both. */
  countedTwice = false;
  /** How often the kernel stopped sampling for a while. */
  throttled = 0;
  /** Samples of an event that the file does not describe. */
  ofNoEvent = 0;
  /** Records that end within a field, and where the first stands. */
  broken = 0;
  firstBroken = '';
  /** Bytes of hardware traces (Intel PT, ARM CoreSight). */
  traceBytes = 0;
  /** How many records of each type that is not known. */
  readonly unknown = new Map<number, number>();
  /** Further notes in the order in which they came. */
  private readonly others: string[] = [];

  isBroken(place: string): void {
    if (this.broken++ === 0) this.firstBroken = place;
  }

  isUnknown(type: number): void {
    this.unknown.set(type, (this.unknown.get(type) ?? 0) + 1);
  }

  add(note: string): void {
    this.others.push(note);
  }

  /** @param samples how many were read */
  tell(notes: Notes, samples: number): void {
    const lost = this.countedTwice ? Math.max(this.lost, this.lostSamples) : this.lost + this.lostSamples;
    if (lost > 0) {
      const share = formatPercent(lost, lost + samples, 1);
      notes.add(`samples that perf lost because it could not keep up: ${lost} (${share}); ${LESS}`);
    }
    if (this.throttled > 0) {
      notes.add(
        `sampling was stopped for a while because it took too much time: ${this.throttled} ${plural(this.throttled, 'time')}; sample less often (-F)`,
      );
    }
    if (this.ofNoEvent > 0)
      notes.add(`samples of an event that the file does not describe, left out: ${this.ofNoEvent}`);
    if (this.broken > 0) notes.add(`broken records, left out: ${this.broken}, the first at ${this.firstBroken}`);
    if (this.traceBytes > 0) notes.add(`bytes of a hardware trace, which are not read: ${this.traceBytes}`);
    if (this.unknown.size > 0) {
      const kinds = [...this.unknown].sort(([a], [b]) => a - b).map(([type, count]) => `${count} of type ${type}`);
      const more = kinds.length > 5 ? ', ...' : '';
      notes.add(`records of unknown types, left out: ${kinds.slice(0, 5).join(', ')}${more}`);
    }
    for (const note of this.others) notes.add(note);
  }
}
