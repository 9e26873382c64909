import type { FrameWords } from './builder.ts';

/** What one function asked the allocator for; a recording that samples gives estimates. */
export interface CallSite {
  readonly site: FrameWords;
  readonly calls: number;
  /** Calls whose memory was freed before the next one was made; undefined = not recorded. */
  readonly temporary: number | undefined;
  readonly bytes: number;
  /** In use when the whole heap was largest; undefined = not recorded. */
  readonly peakBytes: number | undefined;
  /** Not freed until the end. */
  readonly leftBytes: number;
  readonly leftBlocks: number;
}

/** Everything that a program allocated, freed or not. */
export interface AllocationCalls {
  /** The one with the most calls first. */
  readonly sites: readonly CallSite[];
  /** Resident bytes at most, the recorder's own included; 0 = not known. */
  readonly peakRss: number;
  /** Nanoseconds. */
  readonly duration: number;
}

type Sums = { -readonly [Key in keyof Omit<CallSite, 'site'>]: CallSite[Key] };

/** Sums of calls by who made them: equal functions in equal lines are one site. */
export class CallSites {
  private readonly known = new Map<string, Sums & { readonly site: FrameWords }>();

  add(site: FrameWords, sums: Omit<CallSite, 'site'>): void {
    const key = `${site.name}\0${site.file ?? ''}\0${site.line ?? 0}\0${site.module ?? ''}`;
    const sum = this.known.get(key);
    if (sum === undefined) {
      this.known.set(key, { site, ...sums });
      return;
    }
    sum.calls += sums.calls;
    sum.bytes += sums.bytes;
    sum.leftBytes += sums.leftBytes;
    sum.leftBlocks += sums.leftBlocks;
    if (sums.temporary !== undefined) sum.temporary = (sum.temporary ?? 0) + sums.temporary;
    if (sums.peakBytes !== undefined) sum.peakBytes = (sum.peakBytes ?? 0) + sums.peakBytes;
  }

  list(): CallSite[] {
    return [...this.known.values()].sort((a, b) => b.calls - a.calls || b.bytes - a.bytes);
  }
}
