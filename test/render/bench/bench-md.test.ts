import { describe, expect, test } from 'vitest';
import { DEFAULT_ANALYSIS } from '../../../src/bench/criterion/config.ts';
import { benchmarkId } from '../../../src/bench/measurement.ts';
import { reportedImports } from '../../../src/commands/bench/reported.ts';
import { benchMarkdown } from '../../../src/render/bench/bench-md.ts';
import type { BenchReport } from '../../../src/render/bench/report.ts';
import { measured, reported, treeReport } from './report-of.ts';

const text = (report: BenchReport): string => [...benchMarkdown(report)].join('');

describe('a report for a pull request', () => {
  test('what changed stands first, with its interval', () => {
    const markdown = text({
      title: 'Nightly',
      facts: [['node', 'v20']],
      benchmarks: [
        reported(measured(['same'], 100), measured(['same'], 100, 'Linear', 9)),
        reported(measured(['faster'], 80), measured(['faster'], 100, 'Linear', 9)),
        reported(measured(['slower'], 150), measured(['slower'], 100, 'Linear', 9)),
        reported(measured(['new one'], 100)),
      ],
    });
    expect(markdown).toMatch(
      /\*\*1 regressed \(worst \+\d+\.\d+%\), 1 improved \(best -\d+\.\d+%\), 1 without a change, 1 not compared\*\*/,
    );
    const names = [...markdown.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
    expect(names).toEqual(['slower', 'faster', 'same', 'new one']);
    expect(markdown).toMatch(
      /^\| `slower` \|.* \+\d+\.\d+% \(\+\d+\.\d+% … \+\d+\.\d+%\) \| \*\*regressed\*\* \(p &lt; 0\.01\) \|$/m,
    );
    expect(markdown.trimEnd()).toMatch(/\nnode: v20$/);
  });

  test('a tree that Criterion wrote: all of its benchmarks', () => {
    const markdown = text(treeReport());
    expect([...markdown.matchAll(/^\| `/gm)]).toHaveLength(10);
    expect(markdown).toMatch(/B\/s/);
  });

  test('results of other tools have what is known of them; names and warnings are inert', () => {
    const mean = { point: 1500, lower: 1400, upper: 1600 };
    const imported = { name: 'a/b/7', unit: 'ns', better: 'smaller' as const, estimates: { mean } };
    const markdown = text({
      title: 'x',
      facts: [],
      benchmarks: [
        ...reportedImports([imported], DEFAULT_ANALYSIS),
        { id: benchmarkId('evil|`<img src=x>'), warnings: ['@everyone <script>'] },
      ],
    });
    expect(markdown).toContain('| `a/b/7` | 1.5000 µs | 1.4000 µs … 1.6000 µs |');
    expect(markdown).not.toMatch(/<script>|@everyone/);
    expect(markdown).toContain('**2 benchmarks**');
  });
});
