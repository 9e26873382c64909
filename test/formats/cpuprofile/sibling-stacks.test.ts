import fc from 'fast-check';
import { expect, test } from 'vitest';
import { siblingStacks } from '../../../src/formats/cpuprofile/sibling-stacks.ts';
import { prefixStacks } from '../../../src/formats/frames/prefix-stacks.ts';
import { ProfileBuilder } from '../../../src/profile/builder.ts';

const never = (): never => {
  throw new RangeError('there is no cycle');
};

test('the stacks of a tree are those of prefixStacks, however many siblings have one frame', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(12), fc.nat(4)), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      (rows, roots, rootIsFunction) => {
        const caller = Int32Array.from(rows, ([back], row) => (row <= roots ? -1 : Math.max(0, row - 1 - back)));
        const frame = Int32Array.from(rows, ([, own], row) => (caller[row]! < 0 && !rootIsFunction ? -1 : own));
        const callees = rows.map((_, of) => [...caller.keys()].filter((row) => caller[row] === of));
        let end = 0;
        const calleeEnd = Int32Array.from(callees, (list) => (end += list.length));
        const own = { caller: caller.slice(), frame: frame.slice() };
        const found = siblingStacks({ ...own, callees: Int32Array.from(callees.flat()), calleeEnd })!;

        const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
        for (let i = 0; i < 5; i++) builder.frame({ name: `f${i}` });
        const stack = prefixStacks(caller, frame, builder, never);
        const { stacks } = builder.build();
        expect([...found.stack]).toEqual([...stack]);
        expect(found.stacks.length).toBe(stacks.length);
        expect([...found.stacks.parent]).toEqual([...stacks.parent]);
        expect([...found.stacks.frame]).toEqual([...stacks.frame]);
      },
    ),
    { numRuns: 1000 },
  );
});

test('callers behind callees are left to others', () => {
  const one = Int32Array.of(0);
  const calleeEnd = Int32Array.of(0, 1);
  expect(siblingStacks({ caller: Int32Array.of(1, -1), frame: Int32Array.of(0, 1), callees: one, calleeEnd })).toBe(
    undefined,
  );
});
