import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { CallTree } from '../../src/profile/call-tree.ts';
import { frameLabel } from '../../src/profile/frame-label.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { timeTree } from '../../src/profile/time-tree.ts';
import { markWakers } from '../../src/profile/wakers.ts';
import { linesOf, profileOf } from './profile-of.ts';

function rows(profile: Profile, tree: CallTree): string[] {
  return Array.from(
    tree.frame,
    (frame, i) =>
      `${' '.repeat(tree.depth[i]!)}${frameLabel(profile, frame)} ${tree.start[i]}+${tree.total[i]} self ${tree.self[i]}`,
  );
}

describe('flame chart', () => {
  test('neighbours are merged, what is apart is not', () => {
    const profile = profileOf('a;b 2\na 1\na;b 3\nc 1\na;b 4');
    expect(rows(profile, timeTree(profile))).toEqual([
      'a 0+6 self 1',
      ' b 0+2 self 2',
      ' b 3+3 self 3',
      'c 6+1 self 1',
      'a 7+4 self 0',
      ' b 7+4 self 4',
    ]);
  });

  test('samples stand in the order of their times', () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    for (const [name, time] of [
      ['late', 30],
      ['early', 10],
      ['middle', 20],
    ] as const)
      builder.sample(builder.stack(-1, builder.frame({ name })), [1], time);
    const profile = builder.build();
    expect(rows(profile, timeTree(profile)).map((row) => row.split(' ')[0])).toEqual(['early', 'middle', 'late']);
  });

  test('no weight is lost, children lie within their parents', () => {
    const stacks = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 }), { maxLength: 30 });
    fc.assert(
      fc.property(stacks, (lines) => {
        const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
        for (const names of lines) {
          builder.sample(
            names.reduce((stack, name) => builder.stack(stack, builder.frame({ name })), -1),
            [3],
          );
        }
        const tree = timeTree(builder.build());
        expect(tree.weight).toBe(3 * lines.length);
        let self = 3 * lines.filter((names) => names.length === 0).length;
        for (let i = 0; i < tree.length; i++) {
          self += tree.self[i]!;
          const above = tree.parent[i]!;
          if (above < 0) continue;
          expect(above).toBeLessThan(i);
          expect(tree.start[i]).toBeGreaterThanOrEqual(tree.start[above]!);
          expect(tree.start[i]! + tree.total[i]!).toBeLessThanOrEqual(tree.start[above]! + tree.total[above]!);
        }
        expect(self).toBe(tree.weight);
      }),
    );
  });
});

test('frames beyond a separator are marked as wakers, the same function before it is not', () => {
  const profile = profileOf('f;g;--;f;h;--;i 3\nf;g 2');
  expect(linesOf(markWakers(profile)).sort()).toEqual(['f;g 2', 'f;g;--;f_[w];h_[w];--;i_[w] 3']);
  const plain = profileOf('f;g 2');
  expect(markWakers(plain)).toBe(plain);
});
