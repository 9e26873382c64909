import inspector from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import { type SegmentNames, segmentWriter, type ThreadSampler } from './segment-writer.ts';
import type { Occasion, Sampling, Settings } from './settings.ts';

type Allocations = Extract<Sampling, { what: 'allocations' }>;

// Taken now: programs and test frameworks replace it.
const now = process.hrtime.bigint;

/**
 * Samples the allocations of this thread from here on. V8 keeps every sample of an object that is gone in memory, so what
 * was allocated is written in parts, each begun anew; what is alive is written whole each time, over the last.
 */
export function startThreadAllocations(
  settings: Settings,
  { interval, live, noInlining }: Allocations,
  names: () => SegmentNames,
): ThreadSampler {
  if (noInlining) for (const compiler of ['turbo', 'maglev']) setFlagsFromString(`--no-${compiler}-inlining`);
  const session = new inspector.Session();
  session.connect();
  const save = segmentWriter(settings.dir, 'heapprofile', names);
  let running = true;
  let busy = false;
  session.post('HeapProfiler.enable');
  start();

  function start(): void {
    // @types/node does not know the two parameters yet
    const params: object = {
      samplingInterval: interval,
      includeObjectsCollectedByMajorGC: !live,
      includeObjectsCollectedByMinorGC: !live,
    };
    session.post('HeapProfiler.startSampling', params as inspector.HeapProfiler.StartSamplingParameterType);
  }

  function stop(): void {
    if (running) session.disconnect();
    running = false;
  }

  /** The session answers at once. */
  function take(): inspector.HeapProfiler.SamplingHeapProfile | undefined {
    let profile: inspector.HeapProfiler.SamplingHeapProfile | undefined;
    const took = (_error: Error | null, reply?: { profile: inspector.HeapProfiler.SamplingHeapProfile }): void => {
      profile = reply?.profile;
    };
    if (live) session.post('HeapProfiler.getSamplingProfile', took);
    else session.post('HeapProfiler.stopSampling', took);
    return profile;
  }

  function checkpoint(occasion: Occasion): number {
    // Busy: the control thread can interrupt this very function.
    if (!running || busy) return -1;
    busy = true;
    const begun = now();
    try {
      const last = occasion === 'last';
      if (last) keepScripts(session);
      const profile = take();
      const isEmpty = profile === undefined || (profile.head.selfSize === 0 && profile.head.children.length === 0);
      const segment = { ...profile, pforgeProf: { interval, live } };
      if ((!isEmpty || last) && !save(segment, live ? 'again' : undefined)) stop();
      else if (!live) start();
    } catch {
      // Whatever the program did to the built-ins we use: it must not see an error of ours.
      stop();
    } finally {
      busy = false;
    }
    return Number(now() - begun) / 1e6;
  }

  return { checkpoint, stop };
}

/**
 * V8 collects garbage before it tells what it sampled, and knows the files of functions by their scripts: one whose code
 * has all been run is garbage by then. To count calls makes V8 hold on to all functions that ran; who does that already
 * (NODE_V8_COVERAGE) must keep the way it counts.
 */
function keepScripts(session: inspector.Session): void {
  if (process.env.NODE_V8_COVERAGE !== undefined) return;
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
}
