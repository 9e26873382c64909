import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DigitReader, DigitWriter } from '../../../src/embedded/digits.ts';
import { frameAt, rowCount, rowOf } from '../../../src/embedded/flame-rows.ts';
import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { wholeUnits } from '../../../src/render/compact/whole-units.ts';
import { linesOf, profileOf } from '../../profile/profile-of.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';
import { dataOf, draw, foldedOf, rowsOf } from './data-of.ts';

/** Stacks over a small alphabet. */
function profiles(
  value: fc.Arbitrary<number>,
  name: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c d', 'é'),
): fc.Arbitrary<Profile> {
  return fc.array(fc.tuple(fc.array(name, { maxLength: 6 }), value), { minLength: 1, maxLength: 30 }).map((samples) => {
    const builder = new ProfileBuilder([{ type: 'cpu', unit: 'nanoseconds' }]);
    for (const [names, weight] of samples) {
      let stack = -1;
      for (const text of names) stack = builder.stack(stack, builder.frame({ name: text }));
      builder.sample(stack, [weight]);
    }
    return builder.build();
  });
}

function merged(profile: Profile): string[] {
  const sums = new Map<string, number>();
  for (const line of linesOf(profile)) {
    const blank = line.lastIndexOf(' ');
    const stack = line.slice(0, Math.max(0, blank));
    sums.set(stack, (sums.get(stack) ?? 0) + Number(line.slice(blank + 1)));
  }
  return [...sums].map(([stack, value]) => (stack === '' ? `${value}` : `${stack} ${value}`)).sort();
}

describe('digits', () => {
  test('every number comes back, whatever follows it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(5000), fc.maxSafeNat())), (numbers) => {
        const writer = new DigitWriter();
        for (const number of numbers) writer.put(number);
        const text = writer.take();
        expect(text).not.toMatch(/["&'<>\\ ]|[^!-~]/);
        const reader = new DigitReader(text);
        const read: number[] = [];
        while (!reader.done) read.push(reader.next());
        expect(read).toEqual(numbers);
        expect(writer.take()).toBe('');
      }),
    );
  });

  test.each([
    [43, 1],
    [44, 2],
    [1979, 2],
    [1980, 3],
    [87_163, 3],
    [87_164, 4],
  ])('%d takes %d characters', (number, length) => {
    const writer = new DigitWriter();
    writer.put(number);
    expect(writer.take()).toHaveLength(length);
  });
});

describe('the unit of whole weights', () => {
  test.each([
    [
      [1_003_009, 3 * 1_003_009],
      [1_003_009, 1],
    ],
    [
      [4, 6, 0],
      [2, 1],
    ],
    [[], [1, 1]],
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1.5, 2],
      [1, 10],
    ],
    [
      [0.1 + 0.2, 7],
      [1, 10],
    ],
    [[1 / 3], [1, 1_000_000]],
  ])('of %j is %j', (weights, unit) => {
    expect(wholeUnits([Float64Array.from(weights)])).toEqual(unit);
    expect(wholeUnits([Float64Array.from(weights.slice(1)), Float64Array.from(weights.slice(0, 1))])).toEqual(unit);
  });
});

describe('the data block', () => {
  test('holds the layout: every frame with its place, weight and function', () => {
    fc.assert(
      fc.property(profiles(fc.integer({ min: 1, max: 1e12 })), (profile) => {
        const { rows, scale } = dataOf(draw(profile, { minWidth: 0 }));
        const { layout, chosen } = rowsOf(profile);
        expect(rows).toEqual(chosen.rows);
        const { tree, nodes } = layout;
        expect(rows.weight.length).toBe(nodes.length + 1);
        const drawn = Array.from(nodes, (node) => [tree.depth[node]! + 1, tree.start[node], tree.total[node]]);
        const held = Array.from(rows.weight.keys())
          .slice(1)
          .map((i) => [rowOf(rows, i), rows.start[i]! * scale[0], rows.weight[i]! * scale[0]]);
        const order = (a: (number | undefined)[], b: (number | undefined)[]) => a[0]! - b[0]! || a[1]! - b[1]!;
        expect(held).toEqual(drawn.sort(order));
      }),
    );
  });

  test('gives the folded stacks back exactly, hostile names too', () => {
    const names = fc.oneof(fc.constantFrom(...HOSTILE_NAMES), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(profiles(fc.integer({ min: 1, max: 1e9 }), names), (profile) => {
        expect(foldedOf(dataOf(draw(profile, { minWidth: 0 })))).toEqual(merged(profile));
      }),
    );
  });

  test('fractions come back to six decimals', () => {
    const data = dataOf(draw(profileOf('main;a 1,0.25\nmain;b 1,1.5\nmain 1,2'), { minWidth: 0 }));
    expect(foldedOf(data)).toEqual(['main 2', 'main;a 0.25', 'main;b 1.5']);
    fc.assert(
      fc.property(profiles(fc.double({ min: 1e-3, max: 1e6, noNaN: true })), (profile) => {
        const { rows, scale } = dataOf(draw(profile, { minWidth: 0 }));
        const { layout } = rowsOf(profile);
        expect((rows.weight[0]! * scale[0]) / scale[1]).toBeCloseTo(layout.tree.weight, 5);
        for (let i = 1; i < rows.weight.length; i++) {
          const below = rows.parent[i]!;
          expect(rows.start[i]).toBeGreaterThanOrEqual(rows.start[below]!);
          expect(rows.start[i]! + rows.weight[i]!).toBeLessThanOrEqual(rows.start[below]! + rows.weight[below]!);
        }
      }),
    );
  });

  test('keeps kinds, tiers, modules and places of functions', () => {
    const { frames, strings } = dataOf(
      draw(profileOf`
        main /app/main.js:3:7{app,optimized};read{native,module=/lib/libc.so} 4
      `),
    );
    expect(Array.from(frames.name, (name) => strings[name])).toEqual(['main', 'read']);
    expect(Array.from(frames.file, (file) => strings[file])).toEqual(['/app/main.js', '']);
    expect(Array.from(frames.module, (module) => strings[module])).toEqual(['', '/lib/libc.so']);
    expect([[...frames.line], [...frames.column], [...frames.kind], [...frames.tier]]).toEqual([
      [3, 0],
      [7, 0],
      [1, 4],
      [4, 0],
    ]);
  });

  test('what is left out stays in the self weights and is counted', () => {
    const svg = draw(
      profileOf`
        main;big 99997
        main;small;tiny 1
        main;small 1
        main 1
      `,
      { minWidth: 1 },
    );
    const data = dataOf(svg);
    expect(foldedOf(data)).toEqual(['main 1', 'main;big 99997']);
    expect([...data.rows.hidden]).toEqual([0, 2, 0]);
    expect(svg).toContain('2 frames too narrow to draw (2, 0.00%)');
  });

  test('goes into more detail than the first view, where that is cheap', () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `main;f${i} ${i < 100 ? 5000 : 1}`);
    const { rows } = dataOf(draw(profileOf(lines.join('\n'))));
    expect(rows.weight.length).toBe(102);
    const finer = lines.map((line) => line.replace(/ 1$/, ' 20'));
    expect(dataOf(draw(profileOf(finer.join('\n')))).rows.weight.length).toBe(2002);
  });

  test('finds the frame at any point of a row', () => {
    fc.assert(
      fc.property(profiles(fc.integer({ min: 1, max: 50 })), fc.nat(2000), (profile, at) => {
        const { rows } = rowsOf(profile).chosen;
        for (let row = 0; row < rowCount(rows); row++) {
          let expected = -1;
          for (let i = rows.rowStart[row]!; i < rows.rowStart[row + 1]!; i++) {
            if (rows.start[i]! <= at && at < rows.start[i]! + rows.weight[i]!) expected = i;
          }
          expect(frameAt(rows, row, at)).toBe(expected);
        }
        expect(frameAt(rows, rowCount(rows), 0)).toBe(-1);
      }),
    );
  });
});
