import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folded } from '../../src/formats/folded.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { linesOf, profileOf } from '../profile/profile-of.ts';
import { readText, refusal, written } from './harness.ts';

const read = (text: string | Uint8Array) => readText(text, folded);

describe('reading', () => {
  test('frames, fractions, locations and kinds', async () => {
    const profile = await read('main;parse /a/b.ts:3:4;(anonymous) /a/c.js:1 12\nmain;vfs_read_[k] 1.5\n');
    expect(linesOf(profile)).toEqual(['main;parse /a/b.ts:3:4;(anonymous) /a/c.js:1 12', 'main;vfs_read_[k] 1.5']);
    expect(profile.valueTypes).toEqual([{ type: 'samples', unit: 'count' }]);
    expect(profile.strings).toContain('(anonymous)');
    expect(profile).toEqual(
      expect.objectContaining({ frames: expect.objectContaining({ line: Int32Array.of(0, 3, 1, 0) }) }),
    );
  });

  test('blank lines and comments are no stacks', async () => {
    const profile = await read('# by hand\n\n#\n  \nmain;a 1\n# main;b 5\n');
    expect(linesOf(profile)).toEqual(['main;a 1']);
    expect(profile.meta.notes).toEqual([]);
  });

  test('frames may hold blanks, digits and brackets; blanks before the count may be many', async () => {
    const lines = ['V8 Worker 2;f(int, int) const;a b 7', ';;;a;; 5', '#1;a 2'];
    expect(linesOf(await read('V8 Worker 2;f(int, int) const;a b \t  7\n;;;a;; 5\n#1;a 2'))).toEqual([
      lines[0],
      '[unknown];[unknown];[unknown];a;[unknown];[unknown] 5',
      lines[2],
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])('%s is a name', async (name) => {
    expect(linesOf(await read(`${name};${name} 2\n${name} 3`))).toEqual([`${name};${name} 2`, `${name} 3`]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('control characters and broken UTF-8 are kept as text', async () => {
    const profile = await read(Buffer.from('main;a\x00b;\x01\x0b;\x1b[31m;\xff\xfe 5\n', 'latin1'));
    expect(linesOf(profile)).toEqual(['main;a\x00b;\x01\x0b;\x1b[31m;\ufffd\ufffd 5']);
  });
});

describe('weights', () => {
  test.each(['-5', 'NaN', 'Infinity', '-inf', '9007199254740993', '18446744073709551615', '1e309'])(
    '%s is rejected by line, and counted',
    async (weight) => {
      const profile = await read(`main;a 1\nmain;b ${weight}\nmain;c ${weight}\n`);
      expect(linesOf(profile)).toEqual(['main;a 1']);
      expect(profile.meta.notes).toEqual([
        `x: weights that are negative, not finite or above 2^53, left out: 2, first line 2: ${weight}`,
      ]);
      expect(await refusal(read(`main;b ${weight}`))).toContain('no line ends in a count that can be used');
    },
  );

  test.each([
    ['0.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
  ])('%s is one', async (text, weight) => {
    expect(totalWeight(await read(`main;a ${text}`))).toBe(weight);
  });

  test('a stack that is longer than what is looked at is known, wherever it is cut', () => {
    for (const root of ['m', 'mm', 'mmm']) {
      const text = Buffer.from(`${root}${';fg'.repeat(2000)} 3\n`);
      expect(folded.detect(text.subarray(0, 4096))).toBe('maybe');
    }
    expect(folded.detect(Buffer.from('int x;'))).toBe('no');
  });

  test('lines without a count are named', async () => {
    const profile = await read('main;a 1\nno count here\n// comment\n');
    expect(profile.meta.notes).toEqual(['x: lines not understood and left out: 2, first line 2: "no count here"']);
    expect(await refusal(read('main;a\nmain;b\n'))).toBe(
      'x: no line ends in a count that can be used: lines look like `main;parse 12`',
    );
  });
});

describe('writing', () => {
  test('sorts by frames, not by lines: `b x` stands between `b` and `b;d`, and does not split b', () => {
    const profile = profileOf`
      a;b;d 3
      a;b x;c 4
      a;b 2
      a;b 3
    `;
    expect(written(folded, profile)).toBe('a;b 5\na;b;d 3\na;b x;c 4\n');
  });

  test('keeps lines apart and frames whole, whatever is in a name', async () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    const frame = builder.frame({ name: 'a;b\nc\td\re' });
    builder.sample(builder.stack(builder.stack(-1, frame), builder.frame({ name: '# x' })), [1]);
    builder.sample(builder.stack(-1, builder.frame({ name: '# y' })), [2]);
    const text = written(folded, builder.build());
    expect(text).toBe('#_y 2\na:b c d e;# x 1\n');
    expect(linesOf(await read(text))).toEqual(['#_y 2', 'a:b c d e;# x 1']);
  });

  test('holds nothing but stacks, as other tools expect; a declared weight is read', async () => {
    expect(written(folded, profileOf('main;a 1,12000', {}))).toBe('main;a 12000\n');
    const text = '# pforge-prof unit=nanoseconds type=cpu\nmain;a 12000\n';
    expect((await read(text)).valueTypes).toEqual([{ type: 'cpu', unit: 'nanoseconds' }]);
  });

  test('samples without a stack are one unknown frame', async () => {
    const text = written(folded, profileOf('7\nmain;a 1\n[unknown] 2'));
    expect(text).toBe('[unknown] 9\nmain;a 1\n');
    expect(totalWeight(await read(text))).toBe(10);
  });

  test('numbers have no exponent', () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    for (const [i, weight] of [1e-7, 0.1, 5e20, 1e22].entries()) {
      builder.sample(builder.stack(-1, builder.frame({ name: `f${i}` })), [weight]);
    }
    expect(written(folded, builder.build())).toBe(
      'f0 0.0000001\nf1 0.1\nf2 500000000000000000000\nf3 10000000000000000000000\n',
    );
  });
});

test('what is written is read back: the same stacks, the same total, the same bytes again', async () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('a', 'b', 'a b', 'x 1', '# c', '__proto__', 'f /a/b.js:1:2', '[unknown]', '', ';', '\n', ' '),
  );
  const sample = fc.record({
    frames: fc.array(name, { maxLength: 6 }),
    weight: fc.oneof(fc.integer({ min: 1, max: 1e9 }), fc.constantFrom(0.5, 0.125, 2.75)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 30 }), async (samples) => {
      const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
      let total = 0;
      for (const { frames, weight } of samples) {
        let stack = -1;
        for (const frame of frames) stack = builder.stack(stack, builder.frame({ name: frame }));
        builder.sample(stack, [weight]);
        total += weight;
      }
      // Line ends that stand for blanks, edges of a line that are blanks: the second writing is the fixed point
      const once = await read(written(folded, builder.build()));
      expect(totalWeight(once)).toBe(total);
      expect(once.meta.notes).toEqual([]);
      const text = written(folded, once);
      expect(written(folded, await read(text))).toBe(text);
    }),
    { numRuns: 100 },
  );
});
