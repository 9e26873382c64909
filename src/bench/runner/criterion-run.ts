import { QuickSampling } from '../criterion/quick-sampling.ts';
import { planSampling, type SamplingConfig, type SamplingPlan, WarmUp } from '../criterion/sampling-plan.ts';
import type { Measurement } from '../measurement.ts';
import type { Failure } from './failure.ts';
import type { Found } from './found.ts';
import { runBenchmark } from './worker.ts';

export interface CriterionSampling extends SamplingConfig {
  /** `--quick`: until two samples differ by no more than this part. */
  readonly quick: number | undefined;
  /** Seconds. */
  readonly timeout: number;
}

/** What Criterion says while it measures, see `criterionProgress`. */
export interface CriterionHeard {
  readonly warmingUp: (nanoseconds: number) => void;
  /** What will be measured, perhaps with a warning. */
  readonly collecting: (plan: SamplingPlan) => void;
}

/**
 * Measures a benchmark in one fresh process as Criterion samples: its warm-up, its plan, its numbers of iterations. What
 * a benchmark says for itself comes first.
 */
export async function sampleAsCriterion(
  found: Found,
  config: CriterionSampling,
  heard: CriterionHeard,
): Promise<{ readonly measurement: Measurement } | { readonly failure: Failure }> {
  const { url, place, listed } = found;
  const { warmUpTime, measurementTime, sampleSize = config.sampleSize, timeout = config.timeout } = listed.options;
  const own: CriterionSampling = {
    ...config,
    sampleSize,
    warmUpTime: warmUpTime === undefined ? config.warmUpTime : warmUpTime * 1e9,
    measurementTime: measurementTime === undefined ? config.measurementTime : measurementTime * 1e9,
  };
  const sampled = own.quick === undefined ? planned(own, heard) : quick(own, own.quick);
  const task = {
    kind: 'driven',
    file: url,
    index: listed.index,
    warmUpTime: 0,
    measurementTime: 0,
    sampleSize,
  } as const;
  const ran = await runBenchmark(task, place, { timeout, drive: sampled.drive });
  if (ran.failure !== undefined) return { failure: ran.failure };
  const { id, throughput } = found;
  return { measurement: { id, ...(throughput === undefined ? {} : { throughput }), ...sampled.result() } };
}

interface Sampled {
  readonly drive: (times: readonly number[]) => readonly number[];
  /** Once there is nothing more to drive. */
  readonly result: () => Pick<Measurement, 'samplingMode' | 'iterations' | 'times'>;
}

function planned(config: CriterionSampling, heard: CriterionHeard): Sampled {
  const warmUp = new WarmUp(config.warmUpTime);
  let plan: SamplingPlan | undefined;
  let taken: readonly number[] | undefined;
  return {
    drive(times) {
      if (plan !== undefined) {
        taken = times;
        return [];
      }
      if (times.length === 0) {
        heard.warmingUp(config.warmUpTime);
        return [warmUp.iterations];
      }
      const meanTime = warmUp.add(Math.max(1, times[0]!));
      if (meanTime === undefined) return [warmUp.iterations];
      plan = planSampling(config, meanTime);
      heard.collecting(plan);
      return Array.from(plan.iterations);
    },
    result() {
      const { samplingMode, iterations } = plan!;
      return { samplingMode, iterations, times: Float64Array.from(taken!, (time) => Math.max(1, time)) };
    },
  };
}

function quick(config: CriterionSampling, tolerance: number): Sampled {
  const sampling = new QuickSampling(config.measurementTime, tolerance);
  const begin = process.hrtime.bigint();
  let sample: ReturnType<QuickSampling['add']>;
  return {
    drive(times) {
      if (times.length === 0) return [sampling.iterations];
      sample = sampling.add(Math.max(1, times[0]!), Number(process.hrtime.bigint() - begin));
      return sample === undefined ? [sampling.iterations] : [];
    },
    result: () => sample!,
  };
}
