import type { InspectorTarget } from './protocol.ts';

/** What V8 samples until it is told to stop. */
export interface Sampling {
  /**
   * What was sampled so far; sampling goes on. Undefined where V8 cannot tell before the end.
   * @returns the text of a file of the sampler's format
   */
  peek(): Promise<string | undefined>;
  /** Ends it. @returns the text of a file of the sampler's format */
  stop(): Promise<string>;
}

export interface HeapSamplingOptions {
  /** Mean bytes between two samples. */
  readonly interval: number;
  /** Only objects that are alive at the end, instead of all that were allocated. */
  readonly live: boolean;
}

/** Has a thread sample its allocations. The result is a `.heapprofile`. @throws {UserError} 125: it refuses, or has gone */
export async function sampleHeap(target: InspectorTarget, { interval, live }: HeapSamplingOptions): Promise<Sampling> {
  await target.send('HeapProfiler.enable');
  await target.send('HeapProfiler.startSampling', {
    samplingInterval: interval,
    includeObjectsCollectedByMajorGC: !live,
    includeObjectsCollectedByMinorGC: !live,
  });
  const take = async (method: string): Promise<string> =>
    JSON.stringify((await target.send<{ profile: object }>(method)).profile);
  return {
    peek: () => take('HeapProfiler.getSamplingProfile'),
    stop: () => take('HeapProfiler.stopSampling'),
  };
}

export interface CpuSamplingOptions {
  /** Samples a second. */
  readonly frequency: number;
}

/**
 * Has a thread sample where it computes. The result is a `.cpuprofile`.
 *
 * Code that was optimised before the profiler began has no tables of inlined functions: their time would go to their
 * callers (all of it, in about half of the recordings). Precise coverage makes V8 drop all optimised code; it is made
 * anew, with tables. Coverage itself ends at once.
 * @throws {UserError} 125: it refuses, or has gone
 */
export async function profileCpu(target: InspectorTarget, { frequency }: CpuSamplingOptions): Promise<Sampling> {
  await target.send('Profiler.enable');
  await target.send('Profiler.setSamplingInterval', { interval: Math.max(1, Math.round(1e6 / frequency)) });
  await target.send('Profiler.start');
  await target.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await target.send('Profiler.stopPreciseCoverage');
  return {
    peek: async () => undefined,
    async stop() {
      const { profile } = await target.send<{ profile: object }>('Profiler.stop');
      return JSON.stringify(profile);
    },
  };
}
