import { describe, expect, test } from 'vitest';
import { matchedName } from '../../../src/profile/diff/matched-name.ts';
import { type Matching, matchFrames } from '../../../src/profile/diff/matching.ts';
import { profileOf } from '../profile-of.ts';

describe('names of one function in two builds', () => {
  test.each([
    ['core::fmt::write::h0123456789abcdef', 'core::fmt::write::hfedcba9876543210'],
    ['<T as core::ops::Fn>::call::h0123456789abcdef.llvm.1234', '<T as core::ops::Fn>::call::h0123456789abcd00'],
    ['alloc[3f1b6a2c9d8e7f60]::vec::push', 'alloc[aaaaaaaaaaaaaaaa]::vec::push'],
    ['parse.part.0.cold', 'parse'],
    ['parse.constprop.0.isra.3', 'parse.isra.0'],
    ['parse.lto_priv.12', 'parse'],
    ['finish_task_switch.isra.0_[k]', 'finish_task_switch_[k]'],
    ['std::sort(int*, int*) [clone .isra.0] [clone .cold]', 'std::sort(int*, int*)'],
    ['JS:*work', 'JS:~work'],
    ['LazyCompile:*work', 'Function:^work'],
    ['[libc-2.31.so]', '[libc.so.6]'],
    ['[libstdc++.so.6.0.30]', '[libstdc++.so.6.0.28]'],
    ['[unknown 0x7f1234]', '[unknown 0x55aa]'],
    ['[libfoo.so 00007f1234567890]', '[libfoo.so 0000555555555555]'],
    ['read+0x12/0x40', 'read+0x18/0x44'],
    ['com.app.Main$$Lambda$14/0x0000000800c03000.run', 'com.app.Main$$Lambda$21/0x0000000800c04800.run'],
    ['work (src/main.c:12)', 'work (src/main.c:15)'],
  ])('%s = %s', (one, other) => {
    expect(matchedName(one)).toBe(matchedName(other));
  });

  test('tiers before the name of a script function', () => {
    expect(matchedName('*work', '/app/a.js')).toBe('work');
    expect(matchedName('~work', 'node:fs')).toBe('work');
  });

  test.each([
    ['main::{closure#0}', 'main::{closure#1}'],
    ['f()::{lambda(int)#1}::operator()', 'f()::{lambda(int)#2}::operator()'],
    ['Table', '~Table'],
    ['f(int)', 'f(long)'],
    ['Vec<u8>::push', 'Vec<u16>::push'],
    ['operator*', 'operator+'],
    ['libfoo.so', 'libbar.so'],
    ['a.cold_start', 'a'],
    ['get', 'get2'],
  ])('%s is not %s', (one, other) => {
    expect(matchedName(one)).not.toBe(matchedName(other));
  });

  test('a name without anything of a build stays as it is', () => {
    for (const name of ['main', 'std::map<int, char>::find', 'Array.prototype.map', '(garbage collector)', '']) {
      expect(matchedName(name)).toBe(name);
    }
  });
});

function sameFrame(matching: Matching, one: string, other: string): boolean {
  const matched = matchFrames([profileOf(`${one} 1`), profileOf(`${other} 1`)], 1, matching);
  return matched.of[0]![0] === matched.of[1]![0];
}

describe('frames', () => {
  test.each<[Matching, string, string, boolean]>([
    ['exact', 'work /app/a.js:1:2', 'work /app/a.js:1:2', true],
    ['exact', 'work /app/a.js:1:2', 'work /app/a.js:9:2', false],
    ['exact', 'parse.cold', 'parse', false],
    ['name', 'work /app/a.js:1:2', 'work /old/a.js:9:2', true],
    ['name', 'parse.cold', 'parse', true],
    ['name', '(anonymous) /app/a.js:1:2', '(anonymous) /app/a.js:9:2', true],
    ['name', '(anonymous) /app/a.js:1:2', '(anonymous) /app/b.js:1:2', false],
    ['name+file', 'work /app/a.js:1:2', 'work /app/a.js:9:2', true],
    ['name+file', 'work /app/a.js:1:2', 'work /app/b.js:1:2', false],
    ['name', 'constructor', '__proto__', false],
  ])('%s: %s and %s: %s', (matching, one, other, same) => {
    expect(sameFrame(matching, one, other)).toBe(same);
  });

  test('functions without a name match by their place where both sides have one there, else by their file', () => {
    const matched = matchFrames(
      [
        profileOf`(anonymous) /a.js:1:2;(anonymous) /a.js:5:2 1`,
        profileOf`(anonymous) /a.js:1:2;(anonymous) /a.js:6:2 1`,
      ],
      1,
      'name',
    );
    expect(matched.of.map((column) => [...column])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(matched.length).toBe(2);
  });

  test('two profiles share numbers, and each frame has one', () => {
    const matched = matchFrames([profileOf`a;b 1`, profileOf`b;c.cold;a 1`], 1, 'name');
    expect(matched.length).toBe(3);
    expect(matched.of.map((column) => [...column])).toEqual([
      [0, 1],
      [1, 2, 0],
    ]);
  });
});
