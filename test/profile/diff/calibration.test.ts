import { describe, expect, test } from 'vitest';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import type { Comparison } from '../../../src/profile/diff/comparison.ts';
import { isSignificant } from '../../../src/profile/diff/significant.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';
import { significantFunctions, significantPaths } from './compared-rows.ts';
import { type SimulatedOptions, type SimulatedProgram, simulatedRun, slowed } from './simulated-run.ts';

const program: SimulatedProgram = [
  ['main;run;a;hash', 0.3],
  ['main;run;a;mix', 0.05],
  ['main;run;b;blend', 0.2],
  ['main;run;b;copy', 0.06],
  ['main;run;c;scan', 0.1],
  ['main;run;c;sum', 0.15],
  ...Array.from({ length: 6 }, (_, i) => [`main;run;c;w${i}`, 0.02] as const),
  ['main;init', 0.02],
].map(([path, share]) => ({ path: path as string, share: share as number }));

/** A hundred functions, the heaviest of which have some percent. */
const wide: SimulatedProgram = Array.from({ length: 100 }, (_, i) => ({
  path: `main;g${i % 10};f${i}`,
  share: 1 / (i + 3) / 3.6,
}));

const changed = (comparison: Comparison) =>
  comparison.significant > 0 || comparison.functions.verdict.some((verdict) => isSignificant(verdict));

describe('two runs of one program: at most one of twenty comparisons says that anything changed', () => {
  const PAIRS = 60;
  test.each<[string, SimulatedProgram, SimulatedOptions]>([
    ['independent samples', program, { samples: 3000 }],
    ['few samples', program, { samples: 300 }],
    ['samples without times', program, { samples: 3000, timed: false }],
    ['many functions', wide, { samples: 3000 }],
    ['samples that stay in a function for 20 in a row', program, { samples: 5000, stay: 20 }],
    ['the same in many functions', wide, { samples: 5000, stay: 20 }],
    ['one function after the other', program, { samples: 3000, phases: true }],
  ])('%s', (_, simulated, options) => {
    const random = new SeededRandom(1);
    let flagged = 0;
    for (let pair = 0; pair < PAIRS; pair++) {
      const [before, after] = [simulatedRun(simulated, random, options), simulatedRun(simulated, random, options)];
      if (changed(compareProfiles([before!], [after!]))) flagged++;
    }
    expect(flagged).toBeLessThanOrEqual(PAIRS / 20);
  });

  test('several runs a side, which differ by more than chance', () => {
    const random = new SeededRandom(2);
    const run = () => {
      const costs = program.map(({ path, share }) => ({ path, share: share * Math.exp(0.1 * random.normal()) }));
      const whole = costs.reduce((sum, { share }) => sum + share, 0);
      return simulatedRun(
        costs.map(({ path, share }) => ({ path, share: share / whole })),
        random,
        { samples: 3000 },
      );
    };
    let flagged = 0;
    for (let pair = 0; pair < PAIRS; pair++) {
      if (changed(compareProfiles([run(), run(), run()], [run(), run(), run()]))) flagged++;
    }
    expect(flagged).toBeLessThanOrEqual(PAIRS / 20);
  });
});

describe('one function became slower by a fifth: it is found, and nothing but it and its callers', () => {
  test.each<[string, SimulatedOptions]>([
    ['independent samples', { samples: 15_000 }],
    ['one function after the other', { samples: 5000, phases: true }],
  ])('%s', (_, options) => {
    const random = new SeededRandom(3);
    const { longer, program: slower } = slowed(program, 'main;run;a;hash', 1.2);
    let found = 0;
    const PAIRS = 40;
    for (let pair = 0; pair < PAIRS; pair++) {
      const before = simulatedRun(program, random, options);
      const after = simulatedRun(slower, random, { ...options, samples: Math.round(options.samples * longer) });
      const comparison = compareProfiles([before], [after]);
      const functions = significantFunctions(comparison);
      const others = [...functions, ...significantPaths(comparison)].filter((row) => !/(?:a|hash) grew$/.test(row));
      if (functions.includes('hash grew') && functions.includes('a grew') && others.length === 0) found++;
    }
    expect(found).toBeGreaterThanOrEqual((PAIRS * 19) / 20);
  });
});
