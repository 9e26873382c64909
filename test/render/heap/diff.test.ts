import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { heapDiff } from '../../../src/profile/heap-diff.ts';
import { bandsOf, rankedSites } from '../../../src/render/heap/bands.ts';
import { heapDiffHtml } from '../../../src/render/heap/chart-html.ts';
import { heapDiffSvg } from '../../../src/render/heap/diff-chart.ts';
import { heapDiffTable } from '../../../src/render/heap/diff-table.ts';
import { peerRecordings } from '../../formats/massif/peer-recordings.ts';
import { checkXml } from '../xml-check.ts';
import { fixtureHistory, historyOf } from './heap-of.ts';

const one = (address: string, f: number, g: number, line = 3) =>
  historyOf(
    [
      `cmd: ./app\ntime_unit: i\nsnapshot=0\ntime=9\nmem_heap_B=${f + g}\nmem_heap_extra_B=8\nmem_stacks_B=0\nheap_tree=peak`,
      `n2: ${f + g} (heap allocation functions)`,
      ` n1: ${f} 0x${address}1: f (a.c:${line})`,
      `  n0: ${f} 0x${address}2: main (a.c:9)`,
      ` n0: ${g} 0x${address}3: g (b.c:1)\n`,
    ].join('\n'),
  );

describe('two heaps', () => {
  test.each(['peaks.out', 'ls.out', 'empty.out', 'peaks-no-heap.out'])(
    '%s and itself differ in nothing',
    async (name) => {
      const history = await fixtureHistory(name);
      const diff = heapDiff(history, await fixtureHistory(name), 'largest');
      expect(diff.sites).toEqual([]);
      expect(heapDiffTable(diff)).toMatch(/\nnothing changed\n$/);
    },
  );

  test.each(peerRecordings)('$name and itself differ in nothing', async ({ path }) => {
    const bytes = readFileSync(path);
    const diff = heapDiff(await historyOf(bytes), await historyOf(bytes), 'largest');
    expect(diff.sites).toEqual([]);
    expect([diff.peak, diff.maximum, diff.end].filter(({ before, after }) => before !== after)).toEqual([]);
  });

  test('the same program at other addresses, its lines moved, differs in nothing', async () => {
    expect(heapDiff(await one('AA', 5, 6), await one('BB', 5, 6, 40), 'largest').sites).toEqual([]);
  });

  test('the same program in another folder differs in nothing, and each site has one colour', async () => {
    const at = (folder: string, line: number) =>
      historyOf(
        [
          'cmd: ./app\ntime_unit: i\nsnapshot=0\ntime=9\nmem_heap_B=9\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=peak',
          'n2: 9 (heap allocation functions)',
          ` n0: 5 0xA1: f (in ${folder}/app)`,
          ` n0: 4 0xA2: g (${folder}/src/g.c:${line})\n`,
        ].join('\n'),
      );
    const diff = heapDiff(await at('/ci/1', 3), await at('/ci/2', 30), 'largest');
    expect(diff.sites).toEqual([]);
    const ranking = rankedSites([diff.before, diff.after]);
    expect(ranking).toHaveLength(2);
    const colors = [diff.before, diff.after].map((side) => bandsOf(side, ranking).map(({ color }) => color));
    expect(colors[1]).toEqual(colors[0]);
  });

  test('who allocated more, the largest change first', async () => {
    const diff = heapDiff(await one('AA', 1000, 5000), await one('BB', 9000, 4000), 'largest');
    expect(diff.sites.map(({ site, before, after }) => [site.name, before, after])).toEqual([
      ['f', 1000, 9000],
      ['g', 5000, 4000],
    ]);
    expect(heapDiffTable(diff, { width: 60 })).toBe(
      [
        '              Before     After     Change',
        'Peak        5.87 KiB  12.7 KiB  +6.84 KiB  +116.5%',
        'Maximum     5.87 KiB  12.7 KiB  +6.84 KiB  +116.5%',
        'At the end  5.87 KiB  12.7 KiB  +6.84 KiB  +116.5%',
        '',
        'Allocated at snapshot 0 and at snapshot 0, by who asked for it, where that changed:',
        '',
        'Number    Before     After     Change           Function',
        '     1   1,000 B  8.79 KiB  +7.81 KiB  +800.0%  f (a.c)',
        '     2  4.88 KiB  3.91 KiB   -1,000 B   -20.0%  g (b.c)',
        '',
      ].join('\n'),
    );
  });

  test('both charts have one scale, and a site one colour', async () => {
    const before = await one('AA', 100, 5000);
    const after = await one('BB', 9000, 400);
    const ranking = rankedSites([before, after]);
    const colors = [before, after].map(
      (side) => new Map(bandsOf(side, ranking).map(({ site, color }) => [site.name, color])),
    );
    expect(colors[0]!.get('f')).toBe(colors[1]!.get('f'));
    expect(colors[0]!.get('g')).toBe(colors[1]!.get('g'));
    const diff = heapDiff(before, after, 'largest');
    const names = { before: 'a<b.out', after: 'c.out' };
    const svg = [...heapDiffSvg(diff, names)].join('');
    checkXml(svg);
    expect(svg.match(/>10 KiB</g)).toHaveLength(2);
    expect([...heapDiffHtml(diff, names)].join('')).toContain('Before: a&lt;b.out');
  });
});
