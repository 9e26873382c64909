import { describe, expect, test } from 'vitest';
import { kindTotals } from '../../src/profile/kind-totals.ts';
import { top } from '../../src/profile/top.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { profileOf } from './profile-of.ts';

function rows(...drawn: Parameters<typeof top>): string[] {
  return top(...drawn).map(({ name, self, total }) => `${name} ${self} ${total}`);
}

describe('top', () => {
  test('self is the leaf, total is anywhere in the stack', () => {
    const profile = profileOf`
      main;parse;read 3
      main;read 4
      main 1
      100
    `;
    expect(rows(profile)).toEqual(['read 7 7', 'main 1 8', 'parse 0 3']);
    expect(rows(profile, { limit: 1 })).toEqual(['read 7 7']);
    expect(rows(profile, { limit: 0 })).toEqual([]);
  });

  test('recursion counts once per stack, direct and through others', () => {
    expect(rows(profileOf`main;f;f;f 5`)).toEqual(['f 5 5', 'main 0 5']);
    expect(rows(profileOf`f;g;f;g 5`)).toEqual(['g 5 5', 'f 0 5']);
    const branches = profileOf`
      f;a;f 1
      f;b;f 2
      g;f 4
      f 8
    `;
    expect(rows(branches)).toEqual(['f 15 15', 'g 0 4', 'b 0 2', 'a 0 1']);
  });

  test('ties: total, then name, then where it is', () => {
    const profile = profileOf`
      z;b 1
      a;b /x.js:1 1
      c 1
      b /x.js:2 1
    `;
    expect(top(profile).map(({ name, file, line }) => `${name} ${file} ${line}`)).toEqual([
      'b  0',
      'b /x.js 1',
      'b /x.js 2',
      'c  0',
      'a  0',
      'z  0',
    ]);
  });

  test('a function is its name, file, line and module; columns, kinds and tiers are merged', () => {
    const profile = profileOf`
      f /a.js:1:2 {app,interpreted} 1
      f /a.js:1:9 {jit,optimized} 2
      f /a.js:2:2 {app} 4
      f{module=libc} 8
    `;
    expect(top(profile)).toEqual([
      { name: 'f', file: '', line: 0, module: 'libc', kind: 'unknown', self: 8, total: 8 },
      { name: 'f', file: '/a.js', line: 2, module: '', kind: 'app', self: 4, total: 4 },
      { name: 'f', file: '/a.js', line: 1, module: '', kind: 'jit', tier: 'optimized', self: 3, total: 3 },
    ]);
  });

  test('by another value type; what has no weight in it is left out', () => {
    const profile = profileOf`
      a 1,0
      b 0,5
    `;
    expect(rows(profile, { valueIndex: 0 })).toEqual(['a 1 1']);
    expect(rows(profile)).toEqual(['b 5 5']);
    expect(() => top(profile, { valueIndex: 2 })).toThrow(RangeError);
  });
});

describe('totals', () => {
  const profile = profileOf`
    main{app};read{native} 3
    main{app};sys{kernel} 4
    main{app};work{app} 4
    idle{gc} 0
    5
  `;

  test('totalWeight holds samples without a stack', () => {
    expect(totalWeight(profile)).toBe(16);
    expect(totalWeight(profileOf`a 1,10`, 0)).toBe(1);
    expect(() => totalWeight(profile, 1)).toThrow(RangeError);
  });

  test('kindTotals, heaviest first; no stack is unknown', () => {
    expect(kindTotals(profile)).toEqual([
      { kind: 'unknown', self: 5 },
      { kind: 'app', self: 4 },
      { kind: 'kernel', self: 4 },
      { kind: 'native', self: 3 },
    ]);
  });
});
