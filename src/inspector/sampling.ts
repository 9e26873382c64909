import type { InspectorTarget } from './protocol.ts';
import { evaluate } from './session.ts';

/** What V8 samples until it is told to stop. */
export interface ThreadSampling {
  /**
   * What was sampled since the last part, or, of objects that are alive, since the start; sampling goes on. Undefined
   * where V8 tells nothing before the end.
   */
  readonly part: (() => Promise<object>) | undefined;
  /** Ends it. @returns what was sampled since the last part, as the protocol has it: the file is its JSON */
  stop(): Promise<object>;
}

export interface HeapSamplingOptions {
  /** Mean bytes between two samples. */
  readonly interval: number;
  /** Only objects that are alive at the end, instead of all that were allocated. */
  readonly live: boolean;
  /**
   * V8 inlines nothing meanwhile, in the whole process: it credits what an inlined function allocates to the one that it
   * is inlined in. The program is slower, and may allocate what inlining would avoid.
   */
  readonly noInlining: boolean;
}

/** Has a thread sample its allocations. The result is a `.heapprofile`. @throws {UserError} 125: it refuses, or has gone */
export async function sampleHeap(
  target: InspectorTarget,
  { interval, live, noInlining }: HeapSamplingOptions,
): Promise<ThreadSampling> {
  const start = () =>
    target.send('HeapProfiler.startSampling', {
      samplingInterval: interval,
      includeObjectsCollectedByMajorGC: !live,
      includeObjectsCollectedByMinorGC: !live,
    });
  const take = async (method: string): Promise<object> => (await target.send<{ profile: object }>(method)).profile;
  await target.send('HeapProfiler.enable');
  if (noInlining) await setInlining(target, false);
  await start();
  return {
    async part() {
      if (live) return take('HeapProfiler.getSamplingProfile');
      // V8 keeps every sample of an object that is gone in memory until it stops. Both at once: nothing is missed between
      const [profile] = await Promise.all([take('HeapProfiler.stopSampling'), start()]);
      return profile;
    },
    async stop() {
      const profile = await take('HeapProfiler.stopSampling');
      if (noInlining) await setInlining(target, true);
      return profile;
    },
  };
}

/** For code that is optimised from now on; what is optimised already is made anew. */
async function setInlining(target: InspectorTarget, on: boolean): Promise<void> {
  await saveCoverage(target);
  const flags = ['turbo', 'maglev'].map(
    (compiler) => `v8.setFlagsFromString('--${on ? '' : 'no-'}${compiler}-inlining');`,
  );
  await evaluate(target, `{ const v8 = process.getBuiltinModule?.('v8') ?? require('v8'); ${flags.join(' ')} }`);
  await target.send('Profiler.enable');
  await dropOptimizedCode(target);
}

/**
 * Has a program that is run for its coverage write what it has counted: V8 counts a thread in one way at a time, and stops
 * when a session that may profile ends.
 */
async function saveCoverage(target: InspectorTarget): Promise<void> {
  const counted = 'process.env.NODE_V8_COVERAGE !== undefined';
  await evaluate(target, `if (${counted}) (process.getBuiltinModule?.('v8') ?? require('v8')).takeCoverage()`);
}

/** Precise coverage makes V8 drop all optimised code; coverage itself ends at once. */
async function dropOptimizedCode(target: InspectorTarget): Promise<void> {
  await target.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await target.send('Profiler.stopPreciseCoverage');
}

export interface CpuSamplingOptions {
  /** Samples a second. */
  readonly frequency: number;
}

/**
 * Has a thread sample where it computes. The result is a `.cpuprofile`.
 *
 * Code that was optimised before the profiler began has no tables of inlined functions: their time would go to their
 * callers (all of it, in about half of the recordings). So V8 is made to drop all optimised code; it is made anew, with
 * tables.
 * @throws {UserError} 125: it refuses, or has gone
 */
export async function profileCpu(target: InspectorTarget, { frequency }: CpuSamplingOptions): Promise<ThreadSampling> {
  await saveCoverage(target);
  await target.send('Profiler.enable');
  await target.send('Profiler.setSamplingInterval', { interval: Math.max(1, Math.round(1e6 / frequency)) });
  await target.send('Profiler.start');
  await dropOptimizedCode(target);
  return {
    part: undefined,
    stop: async () => (await target.send<{ profile: object }>('Profiler.stop')).profile,
  };
}
