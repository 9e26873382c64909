import { expect, test } from 'vitest';
import { compareCommands } from '../../../src/bench/commands/compare-commands.ts';
import { Stopping } from '../../../src/bench/commands/stopping.ts';
import { summarize } from '../../../src/bench/commands/summary.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';
import { commandOf, runOf } from './command-of.ts';

const commands = [commandOf('a'), commandOf('b')];

/** Turns until it is enough: commands whose CPU times are apart by `factor`, each turn of so many seconds. */
function turnsOf(limits: object, factor: number, seconds: number, spread = 0.02): number {
  const random = new SeededRandom(11);
  const stopping = new Stopping({ commands, sequential: false, ...limits }, { crowd: 1 });
  const runs = [[], []] as ReturnType<typeof runOf>[][];
  for (let turns = 1; ; turns++) {
    [1, factor].forEach((own, side) => {
      runs[side]!.push(runOf(60 * own * Math.exp(spread * random.normal())));
    });
    if (stopping.enough({ turns, elapsed: turns * seconds, runs })) return turns;
  }
}

test('runs are as many as asked for', () => {
  expect(turnsOf({ runs: 7 }, 2, 1)).toBe(7);
  expect(turnsOf({ maxRuns: 4 }, 1, 1)).toBe(4);
});

test('a clear difference ends it early, an unclear one goes on to the end', () => {
  expect(turnsOf({}, 2, 1)).toBe(11);
  expect(turnsOf({}, 1.01, 1, 0.1)).toBe(30);
  expect(turnsOf({ maxRuns: 60 }, 1.01, 1, 0.1)).toBe(60);
});

test('quick commands may take more turns in the same time', () => {
  expect(turnsOf({}, 1.01, 0.05, 0.1)).toBe(120);
  expect(turnsOf({}, 1.01, 0.001, 0.1)).toBe(300);
});

test('a single command runs for three seconds and ten times at least', () => {
  const stopping = new Stopping({ commands: [commandOf('a')], sequential: false }, { crowd: 1 });
  const at = (turns: number, elapsed: number): boolean => stopping.enough({ turns, elapsed, runs: [[]] });
  expect([at(9, 100), at(10, 2), at(10, 3)]).toEqual([false, false, true]);
});

test('one look at the end may spend the whole budget, several share it', () => {
  const budget = (limits: object): number =>
    new Stopping({ commands, sequential: false, ...limits }, { crowd: 1 }).compare.budget!;
  expect(budget({})).toBe(0.01);
  expect(budget({ runs: 15 })).toBeGreaterThan(0.015);
});

test('five percent of sixty milliseconds are found in fifteen turns, equal commands are not called changed', () => {
  const random = new SeededRandom(5);
  const told = { found: 0, cried: 0 };
  for (let round = 0; round < 200; round++) {
    for (const factor of [1, 1.05]) {
      const runs = [1, factor].map((own) =>
        Array.from({ length: 15 }, () => runOf(60 * own * Math.exp(0.022 * random.normal()))),
      );
      if (changed(runs)) told[factor === 1 ? 'cried' : 'found']++;
    }
  }
  expect(told.found).toBeGreaterThan(170);
  expect(told.cried).toBeLessThanOrEqual(2);
});

function changed(runs: readonly ReturnType<typeof runOf>[][]): boolean {
  const { compare } = new Stopping({ commands, sequential: false, runs: 15 }, { crowd: 1 });
  const summaries = runs.map((own, side) => summarize({ command: commands[side]!, runs: own }));
  return ['regressed', 'improved'].includes(compareCommands(summaries, compare).others[0]!.judged!.verdict);
}
