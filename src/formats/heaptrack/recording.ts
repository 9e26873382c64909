import type { FrameWords } from '../../profile/builder.ts';

/** What happened at each place that allocated: a row a call stack. Sums are exact to 2^53. */
export interface HeaptrackSites {
  readonly length: number;
  /** Number of the trace in {@link HeaptrackRecording.traces}; 0 = no stack was recorded. */
  readonly trace: Int32Array;
  readonly allocatedBytes: Float64Array;
  readonly allocations: Float64Array;
  /** Allocations that were freed before the next one was made. */
  readonly temporary: Float64Array;
  /** What the site had in use when the whole heap was largest. */
  readonly peakBytes: Float64Array;
  readonly peakBlocks: Float64Array;
  /** What was not freed until the end. */
  readonly leakedBytes: Float64Array;
  readonly leakedBlocks: Float64Array;
}

/** The heap at one moment. */
export interface HeaptrackMoment {
  /** Since the program began, in the recording's `timeUnit`. */
  readonly time: number;
  /** Bytes in use. */
  readonly heap: number;
  /** Bytes in use of each site, where they were kept; sites that came later are not in it. */
  readonly sites: Float64Array | undefined;
  readonly peak: boolean;
}

/** Prefix tree of call stacks: row 0 stands for nothing, a caller comes before what it calls. */
interface HeaptrackTraces {
  readonly ip: Int32Array;
  readonly parent: Int32Array;
}

/** A place in the code: the function and those that were inlined there, the innermost first. */
export interface HeaptrackPlace {
  /** `0x55db1c0d21ad`. */
  readonly address: string;
  readonly frames: readonly FrameWords[];
  /** The program's own `main` or what stands for it: what called that says nothing. */
  readonly outermost: boolean;
}

/** What heaptrack saw of a program. */
export interface HeaptrackRecording {
  readonly command: string;
  /** It was attached to a program that ran already: what that had allocated before is unknown. */
  readonly attached: boolean;
  /** Milliseconds. */
  readonly duration: number;
  /** Bytes; includes what heaptrack itself takes. 0 = unknown. */
  readonly peakRss: number;
  readonly sites: HeaptrackSites;
  readonly traces: HeaptrackTraces;
  /** By number of the trace's `ip`; row 0 stands for nothing. */
  readonly places: readonly HeaptrackPlace[];
  /** What moments are told by: milliseconds, or bytes allocated and freed where a run is too short for them. */
  readonly timeUnit: 'ms' | 'B';
  /** In the order of time; some hundred at most, the peak among them. */
  readonly moments: readonly HeaptrackMoment[];
  /** At each time that was recorded: milliseconds, the most bytes in use since the last, resident bytes (0 = not looked at). */
  readonly timeline: { readonly time: Float64Array; readonly heap: Float64Array; readonly rss: Float64Array };
  /** false: the end is missing. */
  readonly complete: boolean;
}

/** Places of a stack, the one that allocated first, up to `main`. */
export function* placesOf({ traces, places }: HeaptrackRecording, trace: number): Generator<HeaptrackPlace> {
  for (let at = trace; at > 0; at = traces.parent[at]!) {
    const place = places[traces.ip[at]!]!;
    yield place;
    if (place.outermost) return;
  }
}
