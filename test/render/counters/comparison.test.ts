import { describe, expect, test } from 'vitest';
import { compareCounters } from '../../../src/profile/counters/compare.ts';
import { percentText } from '../../../src/render/counters/change-words.ts';
import { comparisonCsv, comparisonJson, comparisonMarkdown } from '../../../src/render/counters/comparison-files.ts';
import { comparisonText } from '../../../src/render/counters/comparison-text.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { counterRuns } from '../../profile/counters/counter-runs-of.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';

const spread = (mean: number) => [0.99, 1, 1.01, 0.995, 1.005].map((factor) => mean * factor);
const before = counterRuns(
  { 'task-clock': spread(43.1e6), 'wall-time': spread(50e6), instructions: spread(1e8), cycles: [], old: spread(5) },
  { command: ['sh', 'old.sh'] },
);
const after = counterRuns(
  { 'task-clock': spread(45.9e6), 'wall-time': spread(40e6), instructions: spread(1e8), cycles: [], now: spread(5) },
  { command: ['sh', 'new.sh'] },
);
const comparison = compareCounters(before, after, { pairing: 'interleaved' });
const text = (width: number, color = false) => comparisonText(before, after, comparison, { width, color });

describe('the table', () => {
  test('at 100 columns', () => {
    expect(text(100)).toMatchInlineSnapshot(`
      "
       before 'sh old.sh' (5 runs, in turns)
       after  'sh new.sh' (5 runs, in turns)

       counter          before      after  change      95% interval       p  verdict
       task-clock    43.1 msec  45.9 msec   +6.5%    +6.4% .. +6.6%  <0.001  regressed
       wall-time       50 msec    40 msec  -20.0%  -20.2% .. -19.8%  <0.001  improved
       instructions   100 msec   100 msec   +0.0%    +0.0% .. +0.0%   1.000  same
       old              0 msec          -                                    only before
       now                   -     0 msec                                    only after

       1 regressed, 1 improved, 1 the same; 3 were tested together: at most 5% of what is called changed
       is chance

      "
    `);
  });

  test('at 60 columns', () => {
    expect(text(60)).toMatchInlineSnapshot(`
      "
       before 'sh old.sh' (5 runs, in turns)
       after  'sh new.sh' (5 runs, in turns)

       counter          before      after  change  verdict
       task-clock    43.1 msec  45.9 msec   +6.5%  regressed
       wall-time       50 msec    40 msec  -20.0%  improved
       instructions   100 msec   100 msec   +0.0%  same
       old              0 msec          -          only before
       now                   -     0 msec          only after

       1 regressed, 1 improved, 1 the same; 3 were tested
       together: at most 5% of what is called changed is chance

      "
    `);
  });

  test('no line is wider than it may be, with colours or without; what is cut is named', () => {
    for (const width of [20, 33, 40, 55, 64, 80, 120, 200]) {
      for (const line of text(width).split('\n'))
        expect(stringWidth(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
      expect(text(width, true).replace(/\x1b\[\d+m/g, '')).toBe(text(width));
    }
  });

  test('hostile names stay text in every format', () => {
    for (const name of [...HOSTILE_NAMES, '\x1b[2J', 'a\nb', '=cmd()', '| x |', '`']) {
      const runs = counterRuns({ [name]: spread(5) }, { command: [name] });
      const compared = compareCounters(runs, runs, { pairing: 'apart' });
      const shown = comparisonText(runs, runs, compared, { width: 80, color: false });
      expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]/);
      const markdown = [...comparisonMarkdown(runs, runs, compared)].join('');
      expect(markdown.split('\n').filter((line) => line.startsWith('| ')).length).toBe(3);
      const csv = [...comparisonCsv(compared)].join('');
      expect(csv).not.toMatch(/^[=+@-]/m);
    }
  });
});

test('Markdown has what changed first and the rest folded', () => {
  expect([...comparisonMarkdown(before, after, comparison)].join('')).toMatchInlineSnapshot(`
    "# Counters compared

    Before: \`sh old.sh\` (5 runs). After: \`sh new.sh\` (5 runs), in turns.

    1 regressed, 1 improved, 1 the same; 3 were tested together: at most 5% of what is called changed is chance.

    | counter | before | after | change | 95 % interval | p | verdict |
    | --- | ---: | ---: | ---: | ---: | ---: | --- |
    | \`task-clock\` | 43.1 msec | 45.9 msec | +6.5% | +6.4% .. +6.6% | &lt;0.001 | **regressed** |
    | \`wall-time\` | 50 msec | 40 msec | -20.0% | -20.2% .. -19.8% | &lt;0.001 | **improved** |

    <details><summary>3 without a change</summary>

    | counter | before | after | change | 95 % interval | p | verdict |
    | --- | ---: | ---: | ---: | ---: | ---: | --- |
    | \`instructions\` | 100 msec | 100 msec | +0.0% | +0.0% .. +0.0% | 1.000 | same |
    | \`old\` | 0 msec | - |  |  |  | only before |
    | \`now\` | - | 0 msec |  |  |  | only after |

    </details>

    ## Notes

    - counters that only one side has: 2
    "
  `);
});

test('CSV has raw numbers', () => {
  const [head, first] = [...comparisonCsv(comparison)];
  expect(head).toMatch(/^name,unit,before,/);
  expect(first).toMatch(/^task-clock,ns,43100000,\d+[.\d]*,5,45900000,.*,regressed\r\n$/);
});

test('JSON has numbers or null, never NaN', () => {
  const json = comparisonJson(before, after, comparison);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(json.changes[0]).toMatchObject({ name: 'task-clock', verdict: 'regressed', before: { runs: 5 } });
  expect(json.changes.find(({ name }) => name === 'old')).toMatchObject({ after: null, change: null, p: null });
});

test.each([
  [0.0651, '+6.5%'],
  [-0.0651, '-6.5%'],
  [0.00321, '+0.32%'],
  [-0.000001, '+0.00%'],
  [0, '+0.0%'],
  [12.3, '+1230%'],
  [Number.POSITIVE_INFINITY, 'from 0'],
  [Number.NaN, ''],
])('%d is %s', (part, shown) => {
  expect(percentText(part)).toBe(shown);
});
