import type { Samples } from '../../preload/bench/messages.ts';
import type { Processors } from '../../processes/processors.ts';
import { median } from '../../statistics/quantile.ts';
import type { SeededRandom } from '../../statistics/random.ts';
import { turnsOfTwo } from '../pairs/schedule.ts';
import { asked, keep, type MeasuringSettings, measureOnce, type Side } from './side.ts';
import { TwoInTurns, type Which } from './two-in-turns.ts';
import { runBenchmark } from './worker.ts';

type Both = readonly [base: Side, head: Side];

/** What a pair is measured with. */
export interface PairMeans {
  /** Of V8's random numbers in both processes. */
  readonly seed: number;
  /** Which is run first where one is run after the other: 0 = base, 1 = head. */
  readonly order: readonly Which[];
  /** Draws the order of turns. */
  readonly random: SeededRandom;
  readonly processors: Processors;
}

/**
 * Measures both sides of a pair in one more process each, which take turns.
 * @returns ln(head / base); undefined: one of them failed
 */
export async function measureTogether(
  sides: Both,
  settings: MeasuringSettings,
  { seed, random, processors }: PairMeans,
): Promise<number | undefined> {
  const turns = new TwoInTurns(turnsOfTwo(random));
  const run = async (side: Side, which: Which): Promise<Samples | undefined> => {
    const { task, place, timeout } = asked(side.found, settings, 'turns', seed);
    const ran = await runBenchmark(task, place, { timeout, turn: (waiting) => turns.wait(which, waiting) });
    turns.leave(which);
    side.printed += ran.printedBytes;
    side.failure = ran.failure;
    return ran.samples;
  };
  const [base, head] = await Promise.all([...sides.map(run), turns.run(processors, random.uniform())]);
  if (!base || !head) return undefined;
  keep(sides[0], base);
  keep(sides[1], head);
  return logRatio(base, head);
}

/** The median of what turns beside each other say. */
function logRatio(base: Samples, head: Samples): number {
  const [before, after] = [base, head].map(mediansOfTurns) as [number[], number[]];
  return median(after.slice(0, before.length).map((time, i) => Math.log(time / before[i]!)));
}

function mediansOfTurns({ times, iterations, turns = [] }: Samples): number[] {
  let from = 0;
  return turns.map((count) => {
    const each = median(times.slice(from, from + count).map((time, i) => time / iterations[from + i]!));
    from += count;
    return each;
  });
}

/**
 * Measures one after the other.
 * @returns ln(head / base); undefined: one of them failed
 */
export async function measureApart(
  sides: Both,
  settings: MeasuringSettings,
  { seed, order }: PairMeans,
): Promise<number | undefined> {
  for (const side of sides) side.failure = undefined;
  for (const which of order) if (!(await measureOnce(sides[which]!, settings, seed))) return undefined;
  const [base, head] = sides;
  return Math.log(head.medians.at(-1)! / base.medians.at(-1)!);
}
