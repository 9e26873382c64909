import { turnsOfTwo } from '../../bench/pairs/schedule.ts';
import { SeededRandom } from '../../statistics/random.ts';
import type { OpenCounting } from './counting.ts';
import { type Measurement, measureInTurns, type Repeating } from './measure.ts';

/** Two programs that were run in turns. */
export interface Turns {
  readonly before: Measurement;
  readonly after: Measurement;
}

/**
 * Runs two programs in turns, in random order (ABBA or BAAB): whatever disturbs the machine disturbs both.
 * @throws {UserError} as `measure`
 */
export async function measureTurns(
  before: readonly string[],
  after: readonly string[],
  open: OpenCounting,
  repeating: Repeating,
): Promise<Turns> {
  const order = turnsOfTwo(new SeededRandom(Number(process.hrtime.bigint() & 0xffffffffn)));
  const [old, now] = await measureInTurns([{ program: before }, { program: after }], open, repeating, order);
  return { before: old!, after: now! };
}
