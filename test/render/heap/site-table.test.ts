import { describe, expect, test } from 'vitest';
import { chosenRow } from '../../../src/profile/heap-history.ts';
import { siteTable } from '../../../src/render/heap/site-table.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { fixtureHistory, historyOf } from './heap-of.ts';

describe('who allocated it', () => {
  test('Number, Allocated, Frequency, Function', async () => {
    const history = await fixtureHistory('peaks.out');
    expect(siteTable(history, { row: chosenRow(history, 'largest'), width: 80 })).toBe(
      [
        'Peak        923 KiB  snapshot 80 of 94, marked by massif',
        'Maximum     923 KiB  snapshot 80 of 94, the peak',
        'At the end  185 KiB  snapshot 93 of 94',
        'Allocated at the peak, by who asked for it:',
        '',
        'Number  Allocated  Frequency  Function',
        '     1    907 KiB     98.25%  grab (peaks.c:8)',
        '     2   16.1 KiB      1.75%  [extra heap: administration and alignment]',
        '',
      ].join('\n'),
    );
  });

  test('the true maximum stands beside a marked peak that is smaller', async () => {
    const history = await fixtureHistory('leak.out');
    const text = siteTable(history, { row: chosenRow(history, 'peak') });
    expect(text).toMatch(
      /^Peak +\d\S+ KiB {2}snapshot \d+ of \d+, marked by massif\nMaximum +\d\S+ \w+ {2}snapshot \d+ of \d+/,
    );
    expect(text).toMatch(/the peak is \d+\.\d\d% of it/);
  });

  test('an empty heap, and one without details', async () => {
    const empty = await fixtureHistory('empty.out');
    expect(siteTable(empty, { row: 0 })).toContain('nothing was allocated');
    const bare = await fixtureHistory('peaks-no-heap.out');
    expect(siteTable(bare, { row: chosenRow(bare, 'largest') })).toMatch(/100\.00% {2}\[stacks\]/);
  });

  test('rows that are left out are counted', async () => {
    const history = await fixtureHistory('ls.out');
    const row = chosenRow(history, 'largest');
    const all = siteTable(history, { row, limit: 1000 });
    expect(siteTable(history, { row, limit: 2 })).toMatch(/\.\.\. \d+ more: \S+ \w+, \d+\.\d\d%\n$/);
    const shares = [...all.matchAll(/(\d+\.\d\d)% /g)].map(([, share]) => Number(share));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
  });

  test.each([40, 80, 200])('fits %i columns', async (width) => {
    const history = await fixtureHistory('names.out');
    const lines = siteTable(history, { row: chosenRow(history, 'largest'), width }).split('\n');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });

  test('a name cannot drive the terminal', async () => {
    const history = await historyOf(
      [
        'cmd: x\ntime_unit: i\nsnapshot=0\ntime=1\nmem_heap_B=5\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=peak',
        'n1: 5 (heap allocation functions)',
        ' n0: 5 0x1: e\u001b[2Jvil (a.c:1)\n',
      ].join('\n'),
    );
    const text = siteTable(history, { row: 0 });
    expect(text).toContain('e\\x1b[2Jvil');
    expect(text).not.toContain('\u001b');
  });
});
