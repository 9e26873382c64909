import { expect, test } from 'vitest';
import { compareCommands } from '../../../src/bench/commands/compare-commands.ts';
import { summarize } from '../../../src/bench/commands/summary.ts';
import { comparisonText } from '../../../src/render/command-runs/commands-text.ts';
import { commandOf, runOf } from '../../bench/commands/command-of.ts';

test('what two turns say is not told as if it were an interval', () => {
  const of = (name: string, times: readonly number[]) =>
    summarize({ command: commandOf(name), runs: times.map((time) => runOf(time)) });
  const table = compareCommands([of('old', [1000, 1030]), of('new', [1120, 1100])], { maxPairs: 30, crowd: 1 });
  const text = comparisonText(table, { width: 100, color: false });
  expect(text).toContain('undecided: 1.09 × (+9.4 %, too few runs to tell how sure that is)');
  expect(text).not.toMatch(/e\+|Infinity|more turns/);
});
