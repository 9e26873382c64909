import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { callTree } from '../../src/profile/call-tree.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { filter } from '../../src/profile/filter.ts';
import { fold } from '../../src/profile/fold.ts';
import { frameLabel } from '../../src/profile/frame-label.ts';
import { invert } from '../../src/profile/invert.ts';
import { kindTotals } from '../../src/profile/kind-totals.ts';
import { merge } from '../../src/profile/merge.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { top } from '../../src/profile/top.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { conserving, totals } from './conserving.ts';
import { linesOf } from './profile-of.ts';

/** By what a profile measures, whatever the order of its columns. */
function namedTotals(profile: Profile): string[] {
  return profile.valueTypes.map(({ type }, i) => `${type} ${totalWeight(profile, i)}`).sort();
}

function unchanged<Result>(profile: Profile, operation: () => Result): Result {
  const before = structuredClone(profile);
  const result = operation();
  expect(profile).toEqual(before);
  return result;
}

describe('for all profiles', () => {
  for (const [name, operation] of Object.entries(conserving)) {
    test(`${name} conserves the weight, keeps the invariants and leaves its input alone`, () => {
      fc.assert(
        fc.property(arbitraryProfile, (profile) => {
          const result = unchanged(profile, () => operation(profile));
          checkProfile(result);
          expect(totals(result)).toEqual(totals(profile));
        }),
      );
    });
  }

  for (const name of [
    'invert',
    'mergeTiers',
    'rootByThread tid',
    'hide',
    'merge of one',
    'annotate labels',
    'skipAfter',
  ]) {
    test(`${name} stores no frame and no stack twice`, () => {
      fc.assert(
        fc.property(arbitraryProfile, (profile) => {
          const { frames, stacks } = conserving[name]!(profile);
          const pairs = Array.from(stacks.frame, (frame, i) => `${stacks.parent[i]} ${frame}`);
          expect(new Set(pairs).size).toBe(stacks.length);
          const { name: names, file, line, column, module, kind, tier } = frames;
          const rows = Array.from(names, (_, i) =>
            [names, file, line, column, module, kind, tier].map((part) => part[i]).join(),
          );
          expect(new Set(rows).size).toBe(frames.length);
        }),
      );
    });
  }

  test('filter: kept + dropped = total', () => {
    const pattern = fc.constantFrom(/a/, /^main$/, /app/g, /fs:1/y, /^/, /never/);
    fc.assert(
      fc.property(arbitraryProfile, fc.option(pattern), fc.option(pattern), (profile, focus, ignore) => {
        const options = { ...(focus ? { focus } : {}), ...(ignore ? { ignore } : {}) };
        const { profile: kept, dropped } = unchanged(profile, () => filter(profile, options));
        checkProfile(kept);
        expect(totals(kept).map((total, i) => total + dropped[i]!)).toEqual(totals(profile));
      }),
    );
  });

  test('focus and ignore by the same pattern part the profile in two', () => {
    fc.assert(
      fc.property(arbitraryProfile, fc.constantFrom(/a/g, /main/, /app/), (profile, pattern) => {
        const inside = filter(profile, { focus: pattern });
        const outside = filter(profile, { ignore: pattern });
        expect(inside.dropped).toEqual(totals(outside.profile));
        expect(outside.dropped).toEqual(totals(inside.profile));
      }),
    );
  });

  test('fold is idempotent', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        const once = fold(profile);
        expect(fold(once)).toEqual(once);
      }),
    );
  });

  test('inverted twice is the same again', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        expect(linesOf(invert(invert(profile)))).toEqual(linesOf(profile));
      }),
    );
  });

  test('merge: the totals add up and do not depend on the order', () => {
    fc.assert(
      fc.property(arbitraryProfile, arbitraryProfile, (a, b) => {
        const merged = unchanged(a, () => merge([a, b]));
        checkProfile(merged);
        expect(namedTotals(merged)).toEqual(namedTotals(merge([b, a])));
        const sum = (profile: Profile) => totals(profile).reduce((x, y) => x + y, 0);
        expect(sum(merged)).toBe(sum(a) + sum(b));
        expect(merged.samples.length).toBe(a.samples.length + b.samples.length);
      }),
    );
  });

  test('merging one profile changes nothing that is drawn', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        const merged = merge([profile]);
        expect(merged.valueTypes).toEqual(profile.valueTypes);
        profile.valueTypes.forEach((_, i) => {
          expect(linesOf(merged, i)).toEqual(linesOf(profile, i));
        });
      }),
    );
  });

  test('callTree: self + children = total, a child stands inside its parent, roots + stackless = weight', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        const tree = callTree(profile);
        const below = new Float64Array(tree.length);
        let roots = 0;
        let deepest = -1;
        for (let node = 0; node < tree.length; node++) {
          const parent = tree.parent[node]!;
          deepest = Math.max(deepest, tree.depth[node]!);
          if (parent < 0) {
            expect([tree.depth[node], tree.start[node]]).toEqual([0, roots]);
            roots += tree.total[node]!;
          } else {
            expect(parent).toBeLessThan(node);
            expect(tree.depth[node]).toBe(tree.depth[parent]! + 1);
            expect(tree.start[node]).toBe(tree.start[parent]! + below[parent]!);
            below[parent]! += tree.total[node]!;
          }
          expect(tree.total[node]).toBeGreaterThan(0);
        }
        for (let node = 0; node < tree.length; node++) expect(tree.self[node]! + below[node]!).toBe(tree.total[node]);
        const stackless = totalWeight(filter(profile, { ignore: /^/ }).profile);
        expect(roots + stackless).toBe(tree.weight);
        expect(tree.weight).toBe(totalWeight(profile));
        expect(tree.maxDepth).toBe(deepest);
      }),
    );
  });

  test('callTree is the same for the samples in any order', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        const backwards = reversedSamples(profile);
        const drawing = (p: Profile) => {
          const { frame, ...rest } = callTree(p);
          const { kind, tier } = p.frames;
          return { ...rest, frames: Array.from(frame, (f) => [frameLabel(p, f), kind[f], tier[f]]) };
        };
        expect(drawing(backwards)).toEqual(drawing(profile));
      }),
    );
  });

  test('top: selfs sum to the weight with a stack, no total is more than the whole, kinds sum to the whole', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        const rows = unchanged(profile, () => top(profile));
        const whole = totalWeight(profile);
        const stackless = totalWeight(filter(profile, { ignore: /^/ }).profile);
        expect(rows.reduce((sum, row) => sum + row.self, 0)).toBe(whole - stackless);
        for (const row of rows) expect(row.self <= row.total && row.total <= whole).toBe(true);
        expect(kindTotals(profile).reduce((sum, row) => sum + row.self, 0)).toBe(whole);
      }),
    );
  });

  test('top: total is the weight of the samples that hold the function, found the slow way', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        for (const { name, file, line, module, total } of top(profile)) {
          expect(total).toBe(weightHolding(profile, [name, file, line, module].join()));
        }
      }),
    );
  });

  test('top is the same for the samples in any order', () => {
    fc.assert(
      fc.property(arbitraryProfile, (profile) => {
        expect(top(reversedSamples(profile))).toEqual(top(profile));
      }),
    );
  });
});

/** The same samples, last first, in tables built anew: other numbers for everything. */
function reversedSamples({ samples, stacks, frames, strings, valueTypes }: Profile): Profile {
  const builder = new ProfileBuilder(valueTypes);
  const frameIds = new Map<number, number>();
  for (let i = frames.length - 1; i >= 0; i--) {
    const [name, file, module] = [frames.name, frames.file, frames.module].map((c) => builder.string(strings[c[i]!]!));
    const row = [name!, file!, frames.line[i]!, frames.column[i]!, module!, frames.kind[i]!, frames.tier[i]!];
    frameIds.set(i, builder.frameRow(row));
  }
  for (let i = samples.length - 1; i >= 0; i--) {
    const path: number[] = [];
    for (let at = samples.stack[i]!; at >= 0; at = stacks.parent[at]!) path.push(frameIds.get(stacks.frame[at]!)!);
    let stack = -1;
    for (const frame of path.reverse()) stack = builder.stack(stack, frame);
    const values = samples.values.map((column) => column[i]!);
    builder.sample(stack, values);
  }
  return builder.build();
}

function weightHolding({ samples, stacks, frames, strings, valueTypes }: Profile, wanted: string): number {
  let weight = 0;
  samples.stack.forEach((leaf, i) => {
    for (let at = leaf; at >= 0; at = stacks.parent[at]!) {
      const f = stacks.frame[at]!;
      const words = [strings[frames.name[f]!], strings[frames.file[f]!], frames.line[f], strings[frames.module[f]!]];
      if (words.join() !== wanted) continue;
      weight += samples.values[valueTypes.length - 1]![i]!;
      break;
    }
  });
  return weight;
}
