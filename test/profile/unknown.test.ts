import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unknownAdvice, unknownShare } from '../../src/profile/unknown.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { profileOf } from './profile-of.ts';

test('shares: as the leaf, anywhere, by the module of the innermost nameless frame', () => {
  const profile = profileOf`
    main;[unknown];read 1
    main;[libc.so.6]{native,module=/lib/libc.so.6} 2
    main;[unknown];[libc.so.6]{native,module=/lib/libc.so.6} 4
    main;render 8
    16
  `;
  expect(unknownShare(profile)).toEqual({
    weight: 31,
    leaf: 22,
    any: 23,
    modules: [
      { module: '', cause: 'stack', weight: 17 },
      { module: '/lib/libc.so.6', cause: 'symbols', weight: 6 },
    ],
  });
});

test('the advice fits the cause', () => {
  expect(unknownAdvice(profileOf`[unknown];read 1`)).toMatch(/100\.0% .*leaf: 0\.0%.*--call-graph dwarf/);
  expect(unknownAdvice(profileOf`[x.so]{native,module=/lib/x.so} 1`)).toMatch(/most in \/lib\/x\.so: .*debug symbols/);
  expect(unknownAdvice(profileOf`[[kernel.kallsyms]]{kernel,module=[kernel.kallsyms]} 1`)).toMatch(/kptr_restrict/);
  expect(unknownAdvice(profileOf`[perf-12.map]{jit,module=/tmp/perf-12.map} 1`)).toMatch(/--perf-basic-prof/);
});

test('below a tenth of the weight: not a word', () => {
  const lines = (unknown: number) => profileOf(`[unknown] ${unknown}\nmain;read ${100 - unknown}`);
  expect(unknownAdvice(lines(9))).toBeUndefined();
  expect(unknownAdvice(lines(10))).toMatch(/^10\.0%/);
  expect(unknownAdvice(profileOf`(anonymous) /a/b.js:1:2 1`)).toBeUndefined();
});

test('leaf <= any <= weight, and the modules sum to any', () => {
  fc.assert(
    fc.property(arbitraryProfile, (profile) => {
      const { leaf, any, weight, modules } = unknownShare(profile);
      expect(leaf).toBeLessThanOrEqual(any);
      expect(any).toBeLessThanOrEqual(weight);
      expect(modules.reduce((sum, module) => sum + module.weight, 0)).toBe(any);
    }),
  );
});
