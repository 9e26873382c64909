import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesByKernel } from '../../../src/formats/folded/kernel.ts';
import { linesByScript, writeFolded } from '../../../src/formats/folded/write.ts';
import { openKernel } from '../../../src/formats/perf-kernel/either-kernel.ts';
import { wasmKernel } from '../../../src/formats/perf-kernel/open-kernel.ts';
import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import type { ThreadMode } from '../../../src/profile/threads.ts';
import { arbitraryProfile } from '../../profile/arbitrary-profile.ts';

const textOf = (pieces: Iterable<Uint8Array>): string =>
  Array.from(pieces, (piece) => Buffer.from(piece).toString('utf8')).join('');

const KERNELS = [
  ['WebAssembly', () => wasmKernel()!],
  ['JavaScript', () => openKernel('script')!],
] as const;

describe.each(KERNELS)('the kernel in %s', (_name, open) => {
  const byKernel = (profile: Profile, roots?: ThreadMode): string => textOf(linesByKernel(profile, roots, open())!);

  test('writes what is written without it, for any profile', () => {
    const mode = fc.constantFrom<ThreadMode | undefined>(undefined, 'comm', 'pid', 'tid', 'name');
    fc.assert(
      fc.property(arbitraryProfile, mode, (profile, roots) => {
        expect(byKernel(profile, roots)).toBe(textOf(linesByScript(profile, roots)));
      }),
      { seed: 4, numRuns: 400 },
    );
  });

  test.each([
    0.5,
    1e-7,
    1 / 3,
    999_999_999,
    1_000_000_000,
    1_000_000_001,
    123_456_789_012,
    2 ** 53 - 1,
    2 ** 60,
    1e21,
    1e300,
  ])('a weight of %d', (weight) => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    builder.sample(builder.stack(-1, builder.frame({ name: 'a' })), [weight]);
    builder.sample(builder.stack(-1, builder.frame({ name: 'b' })), [7]);
    const profile = builder.build();
    expect(byKernel(profile)).toBe(textOf(linesByScript(profile)));
  });

  test('before and after', () => {
    const builder = new ProfileBuilder([
      { type: 'before', unit: 'count' },
      { type: 'after', unit: 'count' },
    ]);
    const main = builder.stack(-1, builder.frame({ name: 'main' }));
    builder.sample(main, [0, 2.5]);
    builder.sample(builder.stack(main, builder.frame({ name: 'a' })), [3, 0]);
    builder.sample(main, [1, 1]);
    expect(byKernel(builder.build())).toBe('main 1 3.5\nmain;a 3 0\n');
  });

  test('names that are no comment and no count', () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    for (const name of ['#', '# x', '#x', ' ', 'a;b\tc\nd']) {
      builder.sample(builder.stack(-1, builder.frame({ name })), [1]);
    }
    expect(byKernel(builder.build())).toBe('[unknown] 1\n#_ 1\n#_x 1\n#x 1\na:b c d 1\n');
  });

  test('a stack of 100,000 frames, lines longer than what is printed at once', () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    let stack = -1;
    for (let i = 0; i < 100_000; i++) stack = builder.stack(stack, builder.frame({ name: `function${i % 7}` }));
    builder.sample(stack, [5]);
    builder.sample(0, [1]);
    const profile = builder.build();
    expect(byKernel(profile)).toBe(textOf(linesByScript(profile)));
  });
});

test('samples in the middle of each other: 30,000 stacks in random order', () => {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const frames = Array.from({ length: 50 }, (_, i) => builder.frame({ name: `f${i}` }));
  const threads = ['b', 'a', 'c'].map((name, i) => builder.thread({ pid: 1, tid: i, process: '', name }));
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  for (let i = 0; i < 30_000; i++) {
    let stack = -1;
    for (let depth = random(30); depth > 0; depth--) stack = builder.stack(stack, frames[random(50)]!);
    builder.sample(stack, [random(3)], undefined, random(4) === 0 ? -1 : threads[random(3)]!);
  }
  const profile = builder.build();
  const lines = textOf(writeFolded(profile, 'comm'));
  expect(lines).toBe(textOf(linesByScript(profile, 'comm')));
});
