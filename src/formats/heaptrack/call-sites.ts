import type { FrameWords } from '../../profile/builder.ts';
import { type AllocationCalls, CallSites } from '../../profile/call-sites.ts';
import { ALLOCATORS } from '../../profile/heap-frames.ts';
import { isPlumbing } from '../massif/plumbing.ts';
import { type HeaptrackRecording, placesOf } from './recording.ts';

/** Who called the allocator how often: code of container libraries stands for its callers. */
export function callsOf(recording: HeaptrackRecording): AllocationCalls {
  const { sites, duration, peakRss } = recording;
  const calls = new CallSites();
  for (let site = 0; site < sites.length; site++) {
    if (sites.allocations[site] === 0) continue;
    calls.add(wanting(recording, sites.trace[site]!), {
      calls: sites.allocations[site]!,
      temporary: sites.temporary[site]!,
      bytes: sites.allocatedBytes[site]!,
      peakBytes: sites.peakBytes[site]!,
      leftBytes: sites.leakedBytes[site]!,
      leftBlocks: sites.leakedBlocks[site]!,
    });
  }
  return { sites: calls.list(), peakRss, duration: duration * 1e6 };
}

/** The innermost function that is no container; where the stack tells of nothing else, the outermost of those. */
function wanting(recording: HeaptrackRecording, trace: number): FrameWords {
  let last: FrameWords = ALLOCATORS;
  for (const { frames } of placesOf(recording, trace)) {
    for (const words of frames) {
      last = words;
      if (!isPlumbing(words)) return words;
    }
  }
  return last;
}
