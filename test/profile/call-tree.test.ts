import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { type CallTree, callTree } from '../../src/profile/call-tree.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { frameLabel } from '../../src/profile/frame-label.ts';
import { isPreorder } from '../../src/profile/is-preorder.ts';
import { KINDS, type Profile } from '../../src/profile/profile.ts';
import { stacksByLabel } from '../../src/profile/stack-tree.ts';
import { profileOf } from './profile-of.ts';

/** `main 0..10 self 2`, indented by depth. */
function draw(profile: Profile, tree: CallTree = callTree(profile)): string[] {
  return Array.from({ length: tree.length }, (_, node) => {
    const from = tree.start[node]!;
    const self = tree.self[node]! > 0 ? ` self ${tree.self[node]}` : '';
    return `${'  '.repeat(tree.depth[node]!)}${frameLabel(profile, tree.frame[node]!)} ${from}..${from + tree.total[node]!}${self}`;
  });
}

test('siblings stand by label, callees from the left edge of their caller', () => {
  const profile = profileOf`
    main;b;c 2
    main;a 1
    init 4
    main 3
    main;b 5
  `;
  expect(draw(profile)).toEqual([
    'init 0..4 self 4',
    'main 4..15 self 3',
    '  a 4..5 self 1',
    '  b 5..12 self 5',
    '    c 5..7 self 2',
  ]);
  const { parent, maxDepth, weight } = callTree(profile);
  expect([...parent]).toEqual([-1, -1, 1, 1, 3]);
  expect([maxDepth, weight]).toEqual([2, 15]);
});

test('labels are compared by code units', () => {
  const profile = profileOf`
    ä 1
    b 1
    Z 1
    a10 1
    a9 1
    😀 1
    ${'\uFFFD'} 1
  `;
  // the emoji is a surrogate pair: D83D comes before FFFD
  expect(draw(profile).map((line) => line.split(' ')[0])).toEqual(['Z', 'a10', 'a9', 'b', 'ä', '😀', '\uFFFD']);
});

describe('frames with one label are one node', () => {
  test('with all of their callees, at every depth', () => {
    const profile = profileOf`
      main;f{interpreted};g{baseline} 1
      main;f{optimized};g{optimized} 2
      main;f{optimized};h 4
    `;
    expect(draw(profile)).toEqual(['main 0..7', '  f 0..7', '    g 0..3 self 3', '    h 3..7 self 4']);
  });

  test('which stands for the heaviest', () => {
    const heaviestKind = (profile: Profile) => KINDS[profile.frames.kind[callTree(profile).frame[0]!]!];
    const light = 'f{gc};a 1\nf{gc};b 1';
    expect(heaviestKind(profileOf(`${light}\nf{jit};b 3`))).toBe('jit');
    expect(heaviestKind(profileOf(`${light}\nf{jit};b 1`))).toBe('gc');
    // a tie: the first kind, not the first row
    expect(heaviestKind(profileOf(`${light}\nf{jit};b 2`))).toBe('jit');
    expect(heaviestKind(profileOf(`f{jit};b 2\n${light}`))).toBe('jit');
  });

  test('but not with those at another place of the code', () => {
    expect(
      draw(profileOf`
        f /a.js:1:2 1
        f /a.js:1:3 2
      `),
    ).toEqual(['f /a.js:1:2 0..1 self 1', 'f /a.js:1:3 1..3 self 2']);
  });
});

test('subtrees without weight are left out', () => {
  const profile = profileOf`
    a;b 0
    a;c 1
    d;e 0
  `;
  expect(draw(profile)).toEqual(['a 0..1', '  c 0..1 self 1']);
});

test('minFraction leaves out what is lighter and lets nothing move', () => {
  const profile = profileOf`
    main;a;deep 1
    main;b 8
    main;c 10
    small 1
    tail 80
  `;
  const tree = callTree(profile, { minFraction: 0.08 });
  expect(draw(profile, tree)).toEqual(['main 0..19', '  b 1..9 self 8', '  c 9..19 self 10', 'tail 20..100 self 80']);
  expect([tree.weight, tree.maxDepth, ...tree.parent]).toEqual([100, 1, -1, 0, 0, -1]);
  expect(callTree(profile, { minFraction: 1 }).length).toBe(0);
});

test('samples without a stack are in the weight alone', () => {
  const tree = callTree(profileOf`
    a 1
    9
  `);
  expect([tree.length, tree.total[0], tree.weight]).toEqual([1, 1, 10]);
});

test('another value type', () => {
  const profile = profileOf`
    a 1,5
    b 2,0
  `;
  expect(draw(profile)).toEqual(['a 0..5 self 5']);
  expect(draw(profile, callTree(profile, { valueIndex: 0 }))).toEqual(['a 0..1 self 1', 'b 1..3 self 2']);
  expect(() => callTree(profile, { valueIndex: 2 })).toThrow(RangeError);
});

test('nothing', () => {
  expect(callTree(profileOf``)).toMatchObject({ length: 0, maxDepth: -1, weight: 0 });
});

test('stacks in the order of labels give the same tree as those in any order', () => {
  const stack = fc.array(fc.constantFrom('a', 'b', 'b x', 'c', 'c;d'), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(stack, fc.nat(9)), { minLength: 1, maxLength: 20 }),
      fc.constantFrom(0, 0.05, 0.3),
      (samples, minFraction) => {
        const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
        const frames: number[] = [];
        const start = [0];
        for (const [names, weight] of samples) {
          let leaf = -1;
          for (const name of names) {
            frames.push(builder.frame({ name }));
            leaf = builder.stack(leaf, frames.at(-1)!);
          }
          start.push(frames.length);
          builder.sample(leaf, [weight]);
        }
        const profile = builder.build();
        const { stacks, leaf } = stacksByLabel(profile, Int32Array.from(frames), Int32Array.from(start));
        const inOrder = { ...profile, stacks, samples: { ...profile.samples, stack: leaf } };
        checkProfile(inOrder);
        expect(isPreorder(inOrder)).toBe(true);
        expect(callTree(inOrder, { minFraction })).toEqual(callTree(profile, { minFraction }));
      },
    ),
    { seed: 2, numRuns: 500 },
  );
});
