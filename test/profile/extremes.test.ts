import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { callTree } from '../../src/profile/call-tree.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { filter } from '../../src/profile/filter.ts';
import { fold } from '../../src/profile/fold.ts';
import { invert } from '../../src/profile/invert.ts';
import { kindTotals } from '../../src/profile/kind-totals.ts';
import { merge } from '../../src/profile/merge.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { mergeTiers } from '../../src/profile/tiers.ts';
import { top } from '../../src/profile/top.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { oddNames } from './arbitrary-profile.ts';
import { conserving, totals } from './conserving.ts';
import { deepProfile } from './deep-profile.ts';

describe('a stack 100,000 deep', () => {
  const deep = deepProfile();

  for (const [name, operation] of Object.entries(conserving)) {
    test(name, () => {
      const result = operation(deep);
      checkProfile(result);
      expect(totals(result)).toEqual([7]);
    });
  }

  test('callTree, top, kindTotals, focus', () => {
    const tree = callTree(deep);
    expect([tree.length, tree.maxDepth, tree.self[99_999]]).toEqual([100_000, 99_999, 7]);
    expect(top(deep, { limit: 1 })).toMatchObject([{ name: 'f99999', self: 7, total: 7 }]);
    expect(top(deep)).toHaveLength(100_000);
    expect(kindTotals(deep)).toEqual([{ kind: 'unknown', self: 7 }]);
    expect(filter(deep, { focus: /^f0$/ }).dropped).toEqual([0]);
  });

  test('recursion of one function', () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    const frame = builder.frame({ name: 'again' });
    let stack = -1;
    for (let i = 0; i < 100_000; i++) stack = builder.stack(stack, frame);
    builder.sample(stack, [3]);
    const profile = builder.build();
    expect(top(profile)).toMatchObject([{ name: 'again', self: 3, total: 3 }]);
    expect(invert(profile).stacks.length).toBe(100_000);
    expect(filter(profile, { hide: /again/ }).profile.stacks.length).toBe(0);
  });
});

describe('weights are exact to 2^53', () => {
  const largest = 2 ** 53 - 1;
  const builder = new ProfileBuilder([{ type: 'alloc_space', unit: 'bytes' }]);
  const main = builder.stack(-1, builder.frame({ name: 'main' }));
  const leaf = builder.stack(main, builder.frame({ name: 'leaf' }));
  builder.sample(leaf, [largest - 3]);
  builder.sample(leaf, [1]);
  builder.sample(main, [1]);
  builder.sample(-1, [1]);
  const profile = builder.build();

  for (const [name, operation] of Object.entries(conserving)) {
    test(name, () => expect(totalWeight(operation(profile))).toBe(largest));
  }

  test('callTree and top', () => {
    expect([...callTree(profile).total]).toEqual([largest - 1, largest - 2]);
    expect(top(profile).map((row) => row.total)).toEqual([largest - 2, largest - 1]);
  });
});

describe('odd names', () => {
  const names = [...oddNames, 'x'.repeat(1_000_000)];
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  names.forEach((name, i) => {
    builder.sample(builder.stack(-1, builder.frame({ name })), [i + 1]);
  });
  const profile = builder.build();

  test('every name is a function of its own, in every operation', () => {
    expect(
      top(profile)
        .map((row) => row.name)
        .reverse(),
    ).toEqual(names);
    for (const operation of [fold, invert, mergeTiers, (p: Profile) => merge([p, p])]) {
      expect(top(operation(profile))).toHaveLength(names.length);
    }
    // '' is labelled [unknown], and there is a function of that name
    expect(callTree(profile).length).toBe(names.length - 1);
  });
});
