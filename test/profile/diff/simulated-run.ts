import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import type { SeededRandom } from '../../../src/statistics/random.ts';

/** A program as a list of functions: each with its caller's path and the part of the time it has, which sum to 1. */
export type SimulatedProgram = readonly { readonly path: string; readonly share: number }[];

export interface SimulatedOptions {
  readonly samples: number;
  /** So many samples in a row, on average, lie in the same function (a geometric distribution). Default 1: independent. */
  readonly stay?: number;
  /** Functions run one after the other, not at random. Default false. */
  readonly phases?: boolean;
  /** Weight of a sample; default 1 each. */
  readonly weight?: () => number;
  /** Whether samples have times. Default true. */
  readonly timed?: boolean;
}

/** What a profiler would have sampled of a program. */
export function simulatedRun(program: SimulatedProgram, random: SeededRandom, options: SimulatedOptions): Profile {
  const { samples, stay = 1, phases = false, weight = () => 1, timed = true } = options;
  const builder = new ProfileBuilder([
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ]);
  const leaves = program.map(({ path }) =>
    path.split(';').reduce((caller, name) => builder.stack(caller, builder.frame({ name })), -1),
  );
  const ends = program.map((_, i) => program.slice(0, i + 1).reduce((sum, { share }) => sum + share, 0));
  const drawn = (at: number): number =>
    Math.max(
      0,
      ends.findIndex((end) => at * ends.at(-1)! < end),
    );
  let current = drawn(random.uniform());
  for (let sample = 0; sample < samples; sample++) {
    if (phases) current = drawn((sample + random.uniform()) / samples);
    else if (random.uniform() * stay < 1) current = drawn(random.uniform());
    builder.sample(leaves[current]!, [1, weight()], timed ? sample * 1e6 : undefined);
  }
  return builder.build();
}

/** The program with one function's cost times `factor`, and how many times longer it runs. */
export function slowed(program: SimulatedProgram, path: string, factor: number) {
  const costs = program.map((each) => (each.path === path ? each.share * factor : each.share));
  const whole = costs.reduce((sum, cost) => sum + cost, 0);
  return { longer: whole, program: program.map((each, i) => ({ path: each.path, share: costs[i]! / whole })) };
}
