import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pointsProfile } from '../../../src/formats/dhat/points-profile.ts';
import { readDhat } from '../../../src/formats/dhat/read-dhat.ts';
import { inputOf, openInput } from '../../../src/formats/input.ts';
import { allocationDiff } from '../../../src/profile/allocation-diff.ts';
import { callersByFunction } from '../../../src/profile/callers-by-function.ts';
import { callerTreeText } from '../../../src/render/dhat/caller-tree.ts';
import { allocationDiffTable } from '../../../src/render/dhat/diff-table.ts';
import { sitesText } from '../../../src/render/dhat/site-rows.ts';
import { VIEW_SORTS } from '../../../src/render/dhat/view-sorts.ts';
import { viewText } from '../../../src/render/dhat/view-text.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { FIXTURES } from '../../formats/harness.ts';

const recorded = async (name: string) => readDhat(await openInput(join(FIXTURES, 'dhat', name)));

describe.each([60, 80, 120, 200])('%s columns', (width) => {
  test('no line is longer; the numbers of valgrind stay whole', async () => {
    for (const name of ['blocks.out', 'ls.out', 'events.out', 'odd-path.out']) {
      const points = await recorded(name);
      const tree = callerTreeText(points, pointsProfile(points, []), { metric: 'tb', width });
      for (const text of [sitesText(points, { metric: 'tb', width }), tree]) {
        expect(Math.max(...text.split('\n').map(stringWidth))).toBeLessThanOrEqual(width);
        expect(text).toMatch(/^Total: {5}[\d,]+ (?:bytes|units) in [\d,]+ (?:blocks|events), /);
      }
    }
  });
});

test('the tree has callers on top and the numbers of blocks', async () => {
  const points = await recorded('blocks.out');
  const profile = callersByFunction(pointsProfile(points, []));
  const lines = callerTreeText(points, profile, { metric: 'tbk', width: 120 }).split('\n');
  expect(lines.find((line) => line.includes('main'))).toMatch(/^ *2,318 +100\.00% .* main \(blocks\.c\)$/);
  expect(lines.find((line) => line.includes('short_lived'))).toMatch(/^ *2,000 +86\.28% +24 B .* [├└] short_lived/);
});

test('a stack as deep as memory allows is no recursion', async () => {
  const depth = 100_000;
  const ftbl = ['[root]', ...Array.from({ length: depth }, (_, i) => `0x${i}: f${i} (a.c:1)`)];
  const header = { dhatFileVersion: 2, mode: 'copy', verb: 'Copied', bklt: false, bkacc: false, tu: 'i', Mtu: 'Mi' };
  const fs = Array.from({ length: depth }, (_, i) => i + 1);
  const pps = [
    { tb: 3, tbk: 1, fs: [1] },
    { tb: 3, tbk: 1, fs },
  ];
  const text = JSON.stringify({ ...header, cmd: '\u001b[31mred', pid: 1, te: 1, pps, ftbl });
  const points = await readDhat(inputOf(Buffer.from(text), 'x'));
  expect([...viewText(points, VIEW_SORTS[0]!)].join('')).toContain(`#${depth}: 0x${depth - 1}: f${depth - 1} (a.c:1)`);
  const tree = callerTreeText(points, pointsProfile(points, []), { metric: 'tb', minPercent: 0 });
  expect(tree).toContain(`… ${depth - 1} └ f0 (a.c:1)`);
  // What a file says of itself drives no terminal
  expect(tree).not.toContain('\u001b');
});

test('what a file counts, in words of its own, drives no terminal', async () => {
  const unit = 'u\u001b[2J\u202e';
  const words = { bu: unit, bsu: unit, bksu: unit, tu: unit, Mtu: unit, tuth: 1, verb: unit, cmd: unit };
  const header = { dhatFileVersion: 2, mode: 'ad-hoc', bklt: true, bkacc: false, pid: 1, te: 9, tg: 5, ...words };
  const pps = [{ tb: 8, tbk: 2, tl: 2, mb: 8, mbk: 2, gb: 8, gbk: 2, eb: 8, ebk: 2, fs: [1] }];
  const read = (points: object[]) => {
    const text = JSON.stringify({ ...header, pps: points, ftbl: ['[root]', '0x1: f (a.c:1)'] });
    return readDhat(inputOf(Buffer.from(text), 'x'));
  };
  const points = await read(pps);
  const more = await read([{ ...pps[0], tb: 16 }]);
  const texts = [
    sitesText(points, { metric: 'tb' }),
    callerTreeText(points, pointsProfile(points, []), { metric: 'tl' }),
    allocationDiffTable(allocationDiff(points, more, 'tb'), points),
  ];
  for (const text of texts) {
    expect(text).toContain('u\\x1b[2J\\u202e');
    expect(text).not.toMatch(/[\u001b\u202e]/);
  }
});
