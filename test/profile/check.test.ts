import { describe, expect, test } from 'vitest';
import { checkProfile } from '../../src/profile/check.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { profileOf } from './profile-of.ts';

const profile = profileOf`
  [node 1/1] main;work /a.js:1:2 {app,optimized} 1,10 @100
  main 2,20 @200
`;

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: T[K] extends number ? number : Mutable<T[K]> } : T;

test('a sound profile passes', () => {
  checkProfile(profile);
  checkProfile(profileOf``);
});

describe('a broken one is named', () => {
  test.each<[string, (broken: Mutable<Profile>) => void]>([
    ['a profile needs at least one value type', (p) => void (p.valueTypes = [])],
    ['strings[0] is "x", not ""', (p) => void (p.strings[0] = 'x')],
    ['frames.name has 2 rows, not 3', (p) => void (p.frames.length = 3)],
    ['frames.name[1] = 99 is not in 0 .. ', (p) => void (p.frames.name[1] = 99)],
    ['frames.file[0] = -1 is not in', (p) => void (p.frames.file[0] = -1)],
    ['frames.module[0] = 99 is not in', (p) => void (p.frames.module[0] = 99)],
    ['frames.line[1] = -3 is not in', (p) => void (p.frames.line[1] = -3)],
    ['frames.column[1] = -3 is not in', (p) => void (p.frames.column[1] = -3)],
    ['frames.kind[0] = 99 is not in 0 .. 10', (p) => void (p.frames.kind[0] = 99)],
    ['frames.tier[0] = 5 is not in 0 .. 4', (p) => void (p.frames.tier[0] = 5)],
    ['stacks.frame[0] = 2 is not in 0 .. 1', (p) => void (p.stacks.frame[0] = 2)],
    ['stacks.frame has 2 rows, not 1', (p) => void (p.stacks.length = 1)],
    ['stacks.parent[0] = -2 is not in', (p) => void (p.stacks.parent[0] = -2)],
    ['stacks.parent[0] = 1 is not before its child', (p) => void (p.stacks.parent[0] = 1)],
    ['stacks.parent[1] = 1 is not before its child', (p) => void (p.stacks.parent[1] = 1)],
    ['samples.stack[1] = 2 is not in -1 .. 1', (p) => void (p.samples.stack[1] = 2)],
    ['samples.stack has 2 rows, not 5', (p) => void (p.samples.length = 5)],
    ['samples.values has 1 rows, not 2', (p) => void p.samples.values.pop()],
    ['samples.values[1] has 1 rows, not 2', (p) => void (p.samples.values[1] = new Float64Array(1))],
    ['samples.values[0][1] = -1 is negative', (p) => void (p.samples.values[0]![1] = -1)],
    ['samples.values[0][1] = NaN is not finite', (p) => void (p.samples.values[0]![1] = Number.NaN)],
    ['samples.values[0][0] = Infinity is not finite', (p) => void (p.samples.values[0]![0] = Number.POSITIVE_INFINITY)],
    ['samples.time[1] = NaN is not finite', (p) => void (p.samples.time![1] = Number.NaN)],
    ['samples.time has 1 rows, not 2', (p) => void (p.samples.time = new Float64Array(1))],
    ['samples.thread[0] = 1 is not in -1 .. 0', (p) => void (p.samples.thread![0] = 1)],
    ['series "rss" value has 2 rows, not 1', (p) => void p.series.push(seriesOf([0], [1, 2]))],
    ['series "rss" value[0] = NaN is not finite', (p) => void p.series.push(seriesOf([0], [Number.NaN]))],
  ])('%s', (message, breakIt) => {
    const broken = structuredClone(profile) as Mutable<Profile>;
    breakIt(broken);
    expect(() => checkProfile(broken as Profile)).toThrow(RangeError);
    expect(() => checkProfile(broken as Profile)).toThrow(message);
  });
});

function seriesOf(time: number[], value: number[]) {
  return { name: 'rss', unit: 'bytes', time: Float64Array.from(time), value: Float64Array.from(value) };
}
