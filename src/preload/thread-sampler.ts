import type { SegmentNames, ThreadSampler } from './segment-writer.ts';
import type { Settings } from './settings.ts';
import { startThreadAllocations } from './thread-allocations.ts';
import { startThreadProfiler } from './thread-profiler.ts';

/** Samples this thread from here on, as the settings want it. */
export function startThreadSampler(settings: Settings, names: () => SegmentNames): ThreadSampler {
  const { sampling } = settings;
  return sampling.what === 'cpu'
    ? startThreadProfiler(settings, sampling.intervalMicros, names)
    : startThreadAllocations(settings, sampling, names);
}
