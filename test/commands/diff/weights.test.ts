import { expect, test } from 'vitest';
import { weighAlike } from '../../../src/commands/diff/weights.ts';
import type { ValueType } from '../../../src/profile/profile.ts';
import { profileOf } from '../../profile/profile-of.ts';

const SAMPLES: ValueType = { type: 'samples', unit: 'count' };

function chosen(before: readonly ValueType[], after: readonly ValueType[]) {
  const of = (valueTypes: readonly ValueType[]) =>
    profileOf(`main ${valueTypes.map(() => 7).join(',')}`, { valueTypes });
  const { before: old, after: now, notes } = weighAlike([of(before)], [of(after)], ['a', 'b']);
  return { before: old[0]!.valueTypes.at(-1), after: now[0]!.valueTypes.at(-1), notes };
}

test('time on the CPU is one thing, whatever it is called', () => {
  const cpu = { type: 'cpu', unit: 'nanoseconds' };
  const { before, after, notes } = chosen([SAMPLES, cpu], [SAMPLES, { type: 'cpu-clock', unit: 'nanoseconds' }]);
  expect([before, after, notes]).toEqual([cpu, cpu, []]);
});

test('what both have, where the defaults differ; samples in the end, with a note', () => {
  const [cycles, misses] = ['cycles', 'cache-misses'].map((type) => ({ type, unit: 'count' }));
  expect(chosen([SAMPLES, cycles!, misses!], [SAMPLES, cycles!]).before).toEqual(cycles);
  const { before, notes } = chosen([SAMPLES, { type: 'cpu', unit: 'nanoseconds' }], [SAMPLES, cycles!]);
  expect(before).toEqual(SAMPLES);
  expect(notes).toEqual(['compared by samples, which all inputs have: a otherwise weighs by cpu (nanoseconds)']);
});

test.each<[ValueType[], ValueType[]]>([
  [
    [SAMPLES, { type: 'cpu', unit: 'nanoseconds' }],
    [SAMPLES, { type: 'alloc', unit: 'bytes' }],
  ],
  [[{ type: 'cycles', unit: 'count' }], [{ type: 'instructions', unit: 'count' }]],
  [[{ type: 'wall', unit: 'nanoseconds' }], [{ type: 'cpu', unit: 'nanoseconds' }]],
  [[{ type: 'bytes', unit: 'count' }], [SAMPLES]],
])('%j and %j are refused', (before, after) => {
  expect(() => chosen(before, after)).toThrow(/the sides measure different things: a .*, b /);
});
