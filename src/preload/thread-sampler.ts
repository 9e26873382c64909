import type { SegmentNames, ThreadSampler } from './segment-writer.ts';
import type { Settings } from './settings.ts';
import { startThreadAllocations } from './thread-allocations.ts';
import { startThreadProfiler } from './thread-profiler.ts';
import { startThreadSnapshots } from './thread-snapshots.ts';

/** Samples this thread from here on, as the settings want it. */
export function startThreadSampler(settings: Settings, names: () => SegmentNames): ThreadSampler {
  const { sampling } = settings;
  switch (sampling.what) {
    case 'cpu':
      return startThreadProfiler(settings, sampling.intervalMicros, names);
    case 'allocations':
      return startThreadAllocations(settings, sampling, names);
    case 'snapshots':
      return startThreadSnapshots(settings, sampling);
  }
}
