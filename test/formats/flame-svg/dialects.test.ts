import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flameSvg } from '../../../src/formats/flame-svg.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { detectFormat } from '../../../src/formats/registry.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { readText } from '../harness.ts';
import { DIALECTS, drawnAs } from './dialects.ts';
import { inclusiveOfFolded, inclusiveWeights } from './inclusive-weights.ts';

const names = [
  'main',
  'a',
  'b',
  'std::map<int, void (*)(int)>::at',
  "it's",
  'f(1, 2) (3 samples, 4.00%)',
  'x & y',
  'é "q"',
  'a (2 b, 3.00%',
];

/** A few dozen stacks of whole weights, at least 1 of at most some hundreds: each is wide enough to be told. */
const stacks = fc
  .array(
    fc.tuple(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 9 })),
    {
      minLength: 1,
      maxLength: 25,
    },
  )
  .map((rows) => {
    const sums = new Map<string, number>();
    for (const [path, count] of rows) sums.set(path.join(';'), (sums.get(path.join(';')) ?? 0) + count);
    return sums;
  });

const foldedText = (sums: ReadonlyMap<string, number>): string =>
  [...sums].map(([stack, count]) => `${stack} ${count}`).join('\n');

async function read(svg: string): Promise<Profile> {
  expect(detectFormat(inputOf(svg, 'x')).id).toBe('flame-svg');
  const profile = await readText(svg);
  checkProfile(profile);
  return profile;
}

describe.each(DIALECTS)('%s', (dialect) => {
  test('gives back what was drawn, upright and hanging', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, fc.boolean(), async (sums, inverted) => {
        const profile = await read(drawnAs(dialect, sums, { inverted }));
        expect(inclusiveWeights(profile)).toEqual(inclusiveOfFolded(foldedText(sums)));
        expect(profile.valueTypes).toEqual([{ type: 'samples', unit: 'count' }]);
        expect(profile.meta.cut).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  test('says what may be missing, and lets it weigh for its callers', async () => {
    const sums = new Map(Array.from({ length: 400 }, (_, i): [string, number] => [`main;f${i}`, 1 + (i % 20) ** 4]));
    const total = [...sums.values()].reduce((a, b) => a + b);
    const profile = await read(drawnAs(dialect, sums, { leastPx: dialect.startsWith('perl') ? 0.1 : 0.118 }));
    const drawn = inclusiveOfFolded(foldedText(sums));
    const found = inclusiveWeights(profile);
    expect(totalWeight(profile)).toBe(total);
    expect(profile.meta.cut).toBeCloseTo(
      dialect.startsWith('perl') || (dialect < 'inferno-0.8' && dialect !== 'inferno')
        ? (total * 0.1) / 1180
        : total / 10_000,
      0,
    );
    expect(profile.meta.notes.join()).toMatch(/may be missing from the picture/);
    for (const [path, weight] of found) expect(drawn.get(path)).toBe(weight);
    for (const [path, weight] of drawn) if (!found.has(path)) expect(weight).toBeLessThanOrEqual(profile.meta.cut!);
  });
});

test('places of whole px: the counts decide what lies on what', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 100, maxLength: 300 }), async (weights) => {
      const sums = new Map<string, number>();
      weights.forEach((weight, i) => {
        sums.set(`p${i % 17};q${i % 5};r${i}`, weight);
      });
      const profile = await read(drawnAs('inferno-0.7', sums));
      expect(totalWeight(profile)).toBe(weights.reduce((a, b) => a + b));
      // Where it cannot be told, what is wrong lies beside where it should
      const found = inclusiveWeights(profile);
      for (let i = 0; i < 17; i++) expect(found.get(`p${i}`)).toBe(inclusiveOfFolded(foldedText(sums)).get(`p${i}`));
    }),
    { numRuns: 20 },
  );
});

describe('counts', () => {
  const sums = new Map([
    ['a;b', 1_200_000],
    ['a;c', 300_000],
  ]);
  test.each([
    ['samples', { type: 'samples', unit: 'count' }],
    ['bytes', { type: 'space', unit: 'bytes' }],
    ['ms', { type: 'time', unit: 'milliseconds' }],
    ['µs', { type: 'time', unit: 'microseconds' }],
    ['cycles, (all)', { type: 'cycles, (all)', unit: 'count' }],
    ['test-samples <& \' "', { type: 'test-samples <& \' "', unit: 'count' }],
  ])('called %s', async (countName, valueType) => {
    const profile = await read(drawnAs('perl-2018', sums, { countName }));
    expect(profile.valueTypes).toEqual([valueType]);
    expect(inclusiveWeights(profile).get('a\nb')).toBe(1_200_000);
  });

  test('that are multiplied are read as they were, or in the unit that they are shown in', async () => {
    const samples = await read(drawnAs('inferno', sums, { factor: 2.5 }));
    expect(inclusiveWeights(samples).get('a\nb')).toBe(1_200_000);
    expect(samples.meta.notes.join()).toMatch(/multiplied by 2.5/);
    const time = await read(drawnAs('inferno', sums, { factor: 0.01, countName: 'ms' }));
    expect(inclusiveWeights(time).get('a\nb')).toBeCloseTo(12_000, 6);
  });

  test('that were rounded one by one never weigh less than nothing, and the whole stays', async () => {
    const thirds = new Map(Array.from({ length: 30 }, (_, i): [string, number] => [`a;b;c${i}`, 1.5]));
    const profile = await read(drawnAs('perl-2018', thirds));
    expect(totalWeight(profile)).toBe(45);
    expect(profile.meta.notes.join()).toMatch(/do not add up/);
  });
});

describe('a differential graph', () => {
  const after = new Map([
    ['a;b', 30],
    ['a;c', 20],
    ['a', 5],
    ['d', 45],
  ]);
  const changes = new Map([
    ['a;b', 10],
    ['a;c', -7],
    ['a', 5],
    ['d', 0],
  ]);
  const svg = drawnAs('inferno', after, { changes });

  test('is read as its after side, and says so', async () => {
    const profile = await read(svg);
    expect(inclusiveWeights(profile)).toEqual(inclusiveOfFolded(foldedText(after)));
    expect(profile.meta.notes.join()).toMatch(/after side is read: --side before/);
  });

  test('tells the other side too', async () => {
    const { readInput } = await import('../../../src/formats/registry.ts');
    const profile = await readInput(inputOf(svg, 'x'), { format: flameSvg, choices: { side: 'before' } });
    const before = new Map([...after].map(([stack, count]) => [stack, count - changes.get(stack)!]));
    expect(inclusiveWeights(profile)).toEqual(inclusiveOfFolded(foldedText(before)));
  });
});
