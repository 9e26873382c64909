import { writeSync } from 'node:fs';
import { GCProfiler } from 'node:v8';
import type { Definition } from './definitions.ts';
import type { MeasuringTask, Samples, Stage } from './messages.ts';
import { clockCost, emptyIteration, type Sampler, samplerOf } from './sampler.ts';
import { Stopwatch } from './stopwatch.ts';
import { oneTurn } from './turn.ts';
import { warmUp } from './warm-up.ts';
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
  if (task.kind === 'driven') await followPlan(sample);
  else if (task.kind === 'count') await count(task, sample);
  else await measureBriefly(task, sample, asynchronous);
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

/** Takes the samples that it is told to take. */
async function followPlan(sample: Sampler): Promise<void> {
  let times: number[] = [];
  for (;;) {
    answer({ kind: 'took', times });
    const plan = receive() as readonly number[];
    if (plan.length === 0) return;
    times = [];
    for (const iterations of plan) times.push(await sample(iterations));
  }
}

/** Instructions are the same each time once the code is: it is warmed up by a number of iterations, not by a clock. */
async function count({ iterations = 1 }: MeasuringTask, sample: Sampler): Promise<void> {
  await sample(iterations);
  answer({ kind: 'measuring' });
  await sample(iterations);
}

async function measureBriefly(task: MeasuringTask, sample: Sampler, asynchronous: boolean): Promise<void> {
  const { iterations, steady } = await warmUp(sample, task.warmUpTime * 1e9);
  const costs = { emptyIteration: emptyIteration(), clock: clockCost() };
  answer({ kind: 'measuring' });
  if (task.mark !== undefined) writeSync(1, task.mark);
  if (task.kind === 'medians' || task.kind === 'turns') {
    const taken = await take(task, sample, iterations);
    answer({ kind: 'samples', samples: { ...taken, ...costs, steady, asynchronous } });
    return;
  }
  const watch = new Stopwatch();
  while (watch.wall < task.measurementTime * 1e9) await sample(iterations);
}

/** Waits until it is its turn. @returns false: there is none any more */
function isCalled(over: boolean): boolean {
  answer({ kind: 'waits', pid: process.pid, over });
  return receive() === true;
}

type Taken = Omit<Samples, 'asynchronous' | 'clock' | 'emptyIteration' | 'steady'>;

async function take(task: MeasuringTask, sample: Sampler, iterations: number): Promise<Taken> {
  const times: number[] = [];
  const turns: number[] = [];
  const collector = new GCProfiler();
  collector.start();
  const usage = process.resourceUsage();
  const watch = new Stopwatch();
  const isOver = (): boolean =>
    times.length >= task.sampleSize || (times.length >= FEWEST_SAMPLES && watch.isOver(task.measurementTime * 1e9));
  const takeOne = (): number | Promise<number> => sample(iterations);
  if (task.kind === 'turns') {
    watch.stop();
    while (isCalled(isOver())) {
      watch.start();
      const taken = await oneTurn(takeOne);
      watch.stop();
      times.push(...taken);
      turns.push(taken.length);
    }
  } else while (!isOver()) times.push(await takeOne());
  const { wall } = watch;
  const after = process.resourceUsage();
  const collections = collector.stop()?.statistics ?? [];
  return {
    iterations: times.map(() => iterations),
    times,
    ...(task.kind === 'turns' ? { turns } : {}),
    wall,
    cpu: (after.userCPUTime - usage.userCPUTime + after.systemCPUTime - usage.systemCPUTime) * 1e3,
    involuntarySwitches: after.involuntaryContextSwitches - usage.involuntaryContextSwitches,
    collections: collections.length,
    collecting: collections.reduce((sum, { cost }) => sum + cost * 1e3, 0),
  };
}
