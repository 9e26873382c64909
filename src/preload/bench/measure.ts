import { writeSync } from 'node:fs';
import { GCProfiler } from 'node:v8';
import type { Definition } from './definitions.ts';
import type { MeasuringTask, Samples, Stage } from './messages.ts';
import { clockCost, emptyIteration, type Sampler, samplerOf } from './sampler.ts';
import { doublingWarmUp, warmUp } from './warm-up.ts';
import { answer, receive } from './wire.ts';

/** However slow it is, this many samples a process. */
const FEWEST_SAMPLES = 3;

/** Does a task with one benchmark and tells the tool what came of it. @param enter is told what of the benchmark runs next */
export async function measure(
  task: MeasuringTask,
  definition: Definition,
  enter: (stage: Stage) => void,
): Promise<void> {
  const { options, param } = definition;
  enter('before');
  const state = await options.before?.(param);
  enter('run');
  const asynchronous = options.async ?? (await returnsPromise(definition, state));
  const sample = samplerOf(definition, state, asynchronous);
  const plan = await planOf(task, sample);
  answer({ kind: 'measuring' });
  if (task.mark !== undefined) writeSync(1, task.mark);
  if (task.kind === 'spin' || task.kind === 'count') await iterate(task, sample, plan.iterations[0]!);
  else answer({ kind: 'samples', samples: { ...(await take(task, sample, plan)), asynchronous } });
  enter('teardown');
  await options.teardown?.(state, param);
  answer({ kind: 'done' });
}

/** Calls it once: nothing else tells whether it is to be awaited. */
async function returnsPromise({ options, run, param }: Definition, state: unknown): Promise<boolean> {
  const { setup, before } = options;
  const result: unknown = run(setup === undefined ? (before === undefined ? param : state) : setup(state, param));
  if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') return false;
  await result;
  return true;
}

interface Plan {
  /** Of each sample; the last one goes on. */
  readonly iterations: readonly number[];
  readonly steady: boolean;
}

async function planOf(task: MeasuringTask, sample: Sampler): Promise<Plan> {
  if (task.kind === 'count') {
    // Instructions are the same each time once the code is: warmed up by a number of iterations, not by a clock
    await sample(task.iterations!);
    return { iterations: [task.iterations!], steady: true };
  }
  if (task.kind === 'criterion') {
    answer({ kind: 'warm', met: await doublingWarmUp(sample, task.warmUpTime * 1e9) });
    return { iterations: receive() as number[], steady: true };
  }
  const { iterations, steady } = await warmUp(sample, task.warmUpTime * 1e9);
  return { iterations: [iterations], steady };
}

async function iterate(task: MeasuringTask, sample: Sampler, iterations: number): Promise<void> {
  if (task.kind === 'count') {
    await sample(iterations);
    return;
  }
  const end = performance.now() + task.measurementTime * 1e3;
  while (performance.now() < end) await sample(iterations);
}

async function take(task: MeasuringTask, sample: Sampler, plan: Plan): Promise<Omit<Samples, 'asynchronous'>> {
  const costs = { emptyIteration: emptyIteration(), clock: clockCost() };
  const planned = task.kind === 'criterion' ? plan.iterations.length : task.sampleSize;
  const iterations: number[] = [];
  const times: number[] = [];
  const collector = new GCProfiler();
  collector.start();
  const usage = process.resourceUsage();
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(Math.round(task.measurementTime * 1e9));
  for (let i = 0; i < planned; i++) {
    const late = task.kind === 'medians' && i >= FEWEST_SAMPLES && process.hrtime.bigint() > end;
    if (late) break;
    const n = plan.iterations[Math.min(i, plan.iterations.length - 1)]!;
    iterations.push(n);
    times.push(await sample(n));
  }
  const wall = Number(process.hrtime.bigint() - begin);
  const after = process.resourceUsage();
  const collections = collector.stop()?.statistics ?? [];
  return {
    iterations,
    times,
    steady: plan.steady,
    ...costs,
    wall,
    cpu: (after.userCPUTime - usage.userCPUTime + after.systemCPUTime - usage.systemCPUTime) * 1e3,
    involuntarySwitches: after.involuntaryContextSwitches - usage.involuntaryContextSwitches,
    collections: collections.length,
    collecting: collections.reduce((sum, { cost }) => sum + cost * 1e3, 0),
  };
}
