import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { unxz } from '../../src/symbols/unxz.ts';
import { requireTool } from '../require-tool.ts';

const xz = (input: Buffer, ...options: string[]): Buffer =>
  execFileSync('xz', ['-c', ...options], { input, maxBuffer: 1e9 });

describe.skipIf(!requireTool('xz', findTool('xz') !== undefined))('what xz compressed', () => {
  const text = readFileSync('package-lock.json');

  test.each([
    [['-0']],
    [['-9e']],
    [['--check=none']],
    [['--check=sha256', '--block-size=20000']],
    [['--lzma2=lc=0,lp=4,pb=0,dict=4KiB']],
    [['--lzma2=lc=1,lp=2,pb=4,nice=273']],
  ])('with %j is as it was', (options) => {
    expect(unxz(xz(text, ...options))).toEqual(text);
  });

  test('of any bytes is as it was', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3000, size: 'max' }),
      fc
        .array(fc.constantFrom('ab', 'abc', 'x'), { maxLength: 2000, size: 'max' })
        .map((parts) => Buffer.from(parts.join(''))),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        expect(unxz(xz(Buffer.from(input)))).toEqual(Buffer.from(input));
      }),
      { numRuns: 30 },
    );
  });

  test('cut anywhere, or with bits turned, is nothing or something', () => {
    const packed = xz(text.subarray(0, 3000));
    for (let length = 0; length < packed.length; length++) unxz(packed.subarray(0, length));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (turned) => {
          const bytes = Buffer.from(packed);
          for (const [at, value] of turned) bytes[at] = value;
          unxz(bytes);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('stays packed when it is a bomb', () => {
    expect(unxz(xz(Buffer.alloc(1 << 25)))).toBeUndefined();
  });

  test('is not read with filters that are not LZMA2', () => {
    expect(unxz(xz(text, '--x86', '--lzma2'))).toBeUndefined();
    expect(unxz(text)).toBeUndefined();
  });
});
