import { describe, expect, test } from 'vitest';
import { checkProfile } from '../../src/profile/check.ts';
import { profileOf } from './profile-of.ts';

const profile = profileOf`
  [node 1/1] main;work /a.js:1:2 {app,optimized} 1,10 @100
  main 2,20 @200
`;

test('a sound profile passes', () => {
  checkProfile(profile);
  checkProfile(profileOf``);
});

describe('a broken one is named', () => {
  test.each<[string, string, unknown]>([
    ['a profile needs at least one value type', 'valueTypes', []],
    ['strings[0] is "x", not ""', 'strings.0', 'x'],
    ['frames.name has 2 rows, not 3', 'frames.length', 3],
    ['frames.name[1] = 99 is not in 0 .. ', 'frames.name.1', 99],
    ['frames.file[0] = -1 is not in', 'frames.file.0', -1],
    ['frames.module[0] = 99 is not in', 'frames.module.0', 99],
    ['frames.line[1] = -3 is not in', 'frames.line.1', -3],
    ['frames.column[1] = -3 is not in', 'frames.column.1', -3],
    ['frames.kind[0] = 99 is not in 0 .. 10', 'frames.kind.0', 99],
    ['frames.tier[0] = 5 is not in 0 .. 4', 'frames.tier.0', 5],
    ['stacks.frame[0] = 2 is not in 0 .. 1', 'stacks.frame.0', 2],
    ['stacks.frame has 2 rows, not 1', 'stacks.length', 1],
    ['stacks.parent[0] = -2 is not in', 'stacks.parent.0', -2],
    ['stacks.parent[0] = 1 is not before its child', 'stacks.parent.0', 1],
    ['stacks.parent[1] = 1 is not before its child', 'stacks.parent.1', 1],
    ['samples.stack[1] = 2 is not in -1 .. 1', 'samples.stack.1', 2],
    ['samples.stack has 2 rows, not 5', 'samples.length', 5],
    ['samples.values has 1 rows, not 2', 'samples.values', [new Float64Array(2)]],
    ['samples.values[1] has 1 rows, not 2', 'samples.values.1', new Float64Array(1)],
    ['samples.values[0][1] = -1 is negative', 'samples.values.0', Float64Array.of(1, -1)],
    ['samples.values[0][1] = -1 is negative', 'samples.values.0', Int32Array.of(1, -1)],
    ['samples.values[0][1] = NaN is not finite', 'samples.values.0', Float64Array.of(1, Number.NaN)],
    ['samples.values[0][0] = Infinity is not finite', 'samples.values.0', Float64Array.of(Number.POSITIVE_INFINITY, 2)],
    ['samples.time[1] = NaN is not finite', 'samples.time.1', Number.NaN],
    ['samples.time has 1 rows, not 2', 'samples.time', new Float64Array(1)],
    ['samples.thread[0] = 1 is not in -1 .. 0', 'samples.thread.0', 1],
    ['series "rss" value has 2 rows, not 1', 'series', [seriesOf([0], [1, 2])]],
    ['series "rss" value[0] = NaN is not finite', 'series', [seriesOf([0], [Number.NaN])]],
  ])('%s', (message, path, value) => {
    const broken = structuredClone(profile);
    const keys = path.split('.');
    const last = keys.pop()!;
    const holder = keys.reduce<object>((at, key) => Reflect.get(at, key), broken);
    expect(Reflect.set(holder, last, value)).toBe(true);
    expect(() => checkProfile(broken)).toThrow(RangeError);
    expect(() => checkProfile(broken)).toThrow(message);
  });
});

function seriesOf(time: number[], value: number[]) {
  return { name: 'rss', unit: 'bytes', time: Float64Array.from(time), value: Float64Array.from(value) };
}
