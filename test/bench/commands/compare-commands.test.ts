import { describe, expect, test } from 'vitest';
import { compareCommands } from '../../../src/bench/commands/compare-commands.ts';
import { relativeSpread, shellCost, summarize } from '../../../src/bench/commands/summary.ts';
import { turnOrder } from '../../../src/bench/commands/turn-order.ts';
import { warningsOf } from '../../../src/bench/commands/warnings.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';
import { commandOf, runOf } from './command-of.ts';

const random = new SeededRandom(7);
/** Turns of a base of 60 ms and of others; wall time waits by chance, CPU time varies by two percent. */
function turns(count: number, factors: readonly number[], wait: number) {
  const sides = factors.map(() => [] as ReturnType<typeof runOf>[]);
  for (let i = 0; i < count; i++) {
    factors.forEach((factor, side) => {
      const cpu = 60 * factor * Math.exp(0.02 * random.normal());
      sides[side]!.push(runOf(cpu + wait * Math.abs(random.normal()), cpu));
    });
  }
  return sides.map((runs, side) => summarize({ command: commandOf(`c${side}`), runs }));
}
const options = { maxPairs: 30, crowd: 1 };

describe('commands in turns', () => {
  test('five percent more work is told by CPU time where wall time only waits', () => {
    const table = compareCommands(turns(30, [1, 1.05, 1], 40), options);
    expect(table.measure).toBe('cpu');
    expect(table.reason).toMatch(/wall time varies by \d+\.\d %.*CPU time by \d\.\d %/);
    expect(table.others.map(({ judged }) => judged?.verdict)).toEqual([
      'regressed',
      expect.not.stringMatching(/regressed|improved/),
    ]);
    expect(table.others[0]!.cpu!.ratio).toBeCloseTo(1.05, 1);
    expect(table.others[0]!.wall).toBeDefined();
  });

  test('wall time decides where it is quiet, or where programs wait themselves', () => {
    expect(compareCommands(turns(20, [1, 1], 0), options).measure).toBe('wall');
    const sleeping = turns(20, [1, 1], 0).map((summary, side) =>
      summarize({
        command: commandOf(`c${side}`),
        runs: summary.runs.map(({ wall }, i) => runOf(wall / 1e6 + 900 + 90 * (i % 5), 5)),
      }),
    );
    expect(compareCommands(sleeping, options).measure).toBe('wall');
  });

  test('of programs that only compute, in one thread, the steadier time decides; not of those in many', () => {
    const summaries = turns(60, [1, 1.05], 4);
    const spreads = summaries.map(({ times, cpuTimes }) => relativeSpread(times) / relativeSpread(cpuTimes));
    expect(Math.max(...spreads)).toBeLessThan(3);
    const computing = (part: number) =>
      summaries.map(({ command, runs }) => {
        const other = runs.map((run) => ({ ...run, user: run.user * part, system: run.system * part }));
        return summarize({ command, runs: other });
      });
    expect(compareCommands(computing(1), options).measure).toBe('cpu');
    // Four threads, or a third of the time spent waiting: what people wait for is wall time
    expect(compareCommands(computing(4), options).measure).toBe('wall');
    expect(compareCommands(computing(0.7), options).measure).toBe('wall');
  });

  test('a command that failed, or took no time, is not judged', () => {
    const [base, other] = turns(10, [1, 1], 0);
    const failed = compareCommands([base!, { ...other!, failure: 'exited with 1' }], options);
    expect(failed.others[0]!.judged).toBeUndefined();
    const none = summarize({ command: commandOf('none'), runs: base!.runs.map(() => runOf(0)) });
    expect(compareCommands([base!, none], options).others[0]!.judged).toBeUndefined();
  });
});

test('each command comes as often before another as after it', () => {
  const order = turnOrder(new SeededRandom(3), 3);
  let before = 0;
  for (let turn = 0; turn < 100; turn++) {
    const sides = order(turn);
    expect([...sides].sort()).toEqual([0, 1, 2]);
    if (sides.indexOf(0) < sides.indexOf(1)) before++;
    if (turn % 2 === 1) expect(sides).toEqual([...order(turn - 1)].reverse());
  }
  expect(before).toBe(50);
});

test('what the shell takes is taken off, and never more than there is', () => {
  const shell = shellCost([runOf(2, 1), runOf(3, 1), runOf(90, 1)]);
  expect(shell.wall).toBe(3e6);
  const summary = summarize({ command: commandOf('c'), runs: [runOf(10, 5), runOf(2, 0.5)] }, shell);
  expect([...summary.times]).toEqual([7e6, 0]);
  expect(summary.cpuTimes[0]).toBeCloseTo(4e6, 3);
  expect(summary.cpuTimes[1]).toBe(0);
});

describe('warnings', () => {
  const warnings = (times: readonly number[], more: Parameters<typeof runOf>[2] = {}) =>
    warningsOf(summarize({ command: commandOf('c'), runs: times.map((time) => runOf(time, time, more)) }));
  const steady = Array.from({ length: 20 }, (_, i) => 50 + (i % 5) * 0.1);

  test('none about steady runs', () => expect(warnings(steady)).toEqual([]));
  test('a slow first run asks for --warmup', () =>
    expect(warnings([500, ...steady]).join()).toMatch(/first run took 500.0 ms.*--warmup/));
  test('other outliers are other programs', () =>
    expect(warnings([...steady, 500]).join()).toMatch(/1 of 21 runs are far off/));
  test('few runs', () => expect(warnings([50, 50.1, 50.2]).join()).toMatch(/only 3 runs/));
  test('runs that failed', () =>
    expect(warnings(steady, { exitCode: 3 }).join()).toMatch(/20 of 20 runs failed \(exit code 3\)/));
  test('shorter than a start', () =>
    expect(warnings(steady.map((time) => time / 100)).join()).toMatch(/less than 1 ms/));
  test('shorter than the shell', () => {
    const summary = summarize({ command: commandOf('c'), runs: steady.map((time) => runOf(time / 20)) });
    expect(warningsOf(summary, { wall: 1e6, user: 0, system: 0 }).join()).toMatch(
      /less than 5 ms beside the 1.0 ms.*--shell/,
    );
  });
});
