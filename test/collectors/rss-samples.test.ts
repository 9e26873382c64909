import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asMassif, RssSamples, totalOf } from '../../src/collectors/rss-samples.ts';
import { sitesAt, totalAt } from '../../src/profile/heap-history.ts';
import { historyOf } from '../render/heap/heap-of.ts';

const sampleAt = (time: number, anonymous: number) => ({ time, anonymous, file: 10, shared: 0 });

test('of a run of any length some hundred samples stay, the largest among them, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e9), { minLength: 1, maxLength: 5000 }), (sizes) => {
      const samples = new RssSamples();
      for (const [i, size] of sizes.entries()) samples.add(sampleAt(i, size));
      const list = samples.list();
      expect(samples.count).toBe(sizes.length);
      expect(list.length).toBeLessThanOrEqual(401);
      if (sizes.length > 800) expect(list.length).toBeGreaterThan(190);
      expect(Math.max(...list.map(totalOf))).toBe(Math.max(...sizes) + 10);
      for (let i = 1; i < list.length; i++) expect(list[i]!.time).toBeGreaterThan(list[i - 1]!.time);
    }),
    { numRuns: 50 },
  );
});

test('as a massif file: parts of node are cut to what is resident, and add up', async () => {
  const samples = [sampleAt(1000, 0), sampleAt(1050, 100), sampleAt(1100, 1000)];
  const node = [
    [{ time: 1040, heapTotal: 90, heapUsed: 60, external: 70, arrayBuffers: 50 }],
    [{ time: 1090, heapTotal: 500, heapUsed: 100, external: 0, arrayBuffers: 0 }],
  ];
  const history = await historyOf([...asMassif(samples, ['node', 'a\nb'], 1000, node)].join(''));
  expect(history).toMatchObject({ command: 'node a b', description: '--rss', timeUnit: 'ms' });
  expect([...history.snapshots.time]).toEqual([0, 50, 100]);
  expect([...history.snapshots.detail]).toEqual([1, 0, 2]);
  expect(totalAt(history.snapshots, 2)).toBe(1010);
  expect(sitesAt(history, 2).map(({ site, bytes }) => [site.name, bytes])).toEqual([
    ['JavaScript heap: free', 430],
    ['native heap, stacks, code', 340],
    ['JavaScript heap: in use', 160],
    ['JavaScript: buffers', 50],
    ['JavaScript: other external memory', 20],
    ['mapped files: programs and libraries', 10],
  ]);
  const tight = await historyOf([...asMassif([sampleAt(1095, 100)], ['x'], 1000, node)].join(''));
  expect(sitesAt(tight, 0).map(({ bytes }) => bytes)).toEqual([100, 10]);
});
