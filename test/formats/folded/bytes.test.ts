import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { FoldedBytes } from '../../../src/formats/folded/bytes.ts';
import { FoldedLines } from '../../../src/formats/folded/lines.ts';
import { FoldedStacks } from '../../../src/formats/folded/stacks.ts';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { linesOf } from '../../profile/profile-of.ts';

interface Outcome {
  readonly profile?: Profile;
  readonly error?: string;
  readonly notes: readonly string[];
}

async function outcome(reading: (notes: Notes) => Promise<Profile>): Promise<Outcome> {
  const notes = new Notes();
  try {
    const profile = await reading(notes);
    checkProfile(profile);
    return { profile, notes: notes.list };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error: error.message, notes: notes.list };
  }
}

function byLines(bytes: Uint8Array): Promise<Outcome> {
  return outcome((notes) => new FoldedLines(inputOf(bytes, 'x'), new FoldedStacks()).read(notes));
}

function byBytes(bytes: Uint8Array, chunk: number, window: number): Promise<Outcome> {
  return outcome((notes) => new FoldedBytes(inputOf(bytes, 'x', chunk), new FoldedStacks(), window).read(notes));
}

const label = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'b', 'ab', 'main', 'parse /a/b.ts:3:4', 'std::map<int>', 'vfs_read_[k]'),
  },
  fc.constantFrom('', ' ', 'a b', 'x 1', 'é', '\u00a01', '😀', '#', '# ', '\v', '\r', '\ufeff', '[unknown]', '\0', '7'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const count = fc.oneof(
  { weight: 6, arbitrary: fc.nat(1e6).map(String) },
  fc.constantFrom('0', '007', '1.5', '1.', '1e3', '-5', 'nan', '9007199254740993', '999999999999999', '', 'x', '5\v'),
);
const blanks = fc.oneof(
  { weight: 8, arbitrary: fc.constant(' ') },
  fc.constantFrom('\t', '  ', ' \t ', '', '\u00a0', '\f'),
);
const odd = fc.constantFrom(
  '',
  '#',
  '# a;b 1',
  '#a 1',
  '# pforge-prof unit=bytes type=heap',
  '   ',
  'no count',
  ' a;b  7 ',
  '1 2',
  '\t1 2',
);
const stacks = (counts: number) =>
  fc
    .tuple(
      fc.array(label, { minLength: 1, maxLength: 5 }),
      ...Array.from({ length: counts }, () => fc.tuple(blanks, count)),
    )
    .map(([frames, ...numbers]) => frames.join(';') + (numbers as [string, string][]).flat().join(''));
const end = fc.oneof({ weight: 6, arbitrary: fc.constant('\n') }, fc.constantFrom('\r\n', '\r\r\n', '\r', '\n\n'));
const linesOfCounts = (...kinds: fc.Arbitrary<string>[]) =>
  fc.array(fc.tuple(fc.oneof(...kinds), end), { maxLength: 20 }).map((lines) => lines.flat().join(''));
const text = fc.oneof(
  linesOfCounts(stacks(1)),
  linesOfCounts(stacks(2)),
  linesOfCounts(stacks(1), stacks(2), odd),
  linesOfCounts(stacks(1)).map((lines) => lines.split('\n').sort().join('\n')),
);

describe('reading bytes gives what reading lines gives', () => {
  test('of any text, in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.tuple(fc.nat(500), fc.nat(255)), { maxLength: 2 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 64 }),
        async (lines, changes, marked, chunk, window) => {
          const bytes = Buffer.from((marked ? '\ufeff' : '') + lines);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          expect(await byBytes(bytes, chunk, window)).toEqual(await byLines(bytes));
        },
      ),
      { seed: 5, numRuns: 3000 },
    );
  });

  test('of lines that share the beginning of a name, but not the frame', async () => {
    const lines = 'main;parse 1\nmain;parser 2\nmain;parse;x 3\nmain;pars 4\nmain 5\nmain;;parse 6\nmain;parse 7\n';
    const { profile } = await byBytes(Buffer.from(lines), 1000, 1000);
    expect(linesOf(profile!).map((line) => line.replaceAll('[unknown]', ''))).toEqual(lines.trim().split('\n'));
  });
});

test('a window much shorter than a line, labels of all lengths', async () => {
  const names = Array.from({ length: 300 }, (_, i) => 'é'.repeat(i));
  const lines = names.map((_, i) => `${names.slice(0, i).reverse().join(';')};leaf ${i + 1}\n`).join('');
  const { profile } = await byBytes(Buffer.from(lines), 64, 1);
  expect(totalWeight(profile!)).toBe((300 * 301) / 2);
  expect(profile).toEqual((await byLines(Buffer.from(lines))).profile);
});

test('stacks 100,000 deep share what they have in common', async () => {
  const deep = Array.from({ length: 100_000 }, (_, i) => `f${i % 7}`).join(';');
  const { profile } = await byBytes(Buffer.from(`${deep};a 1\n${deep};b 2\n${deep} 3\n`), 1 << 16, 1 << 10);
  expect(profile!.stacks.length).toBe(100_002);
  expect(totalWeight(profile!)).toBe(6);
});

test('stacks come out in the order of labels, whatever the order of the lines', async () => {
  const { profile } = await byBytes(Buffer.from('b 1\na;c 2\na 3\na;b;x 4\na;b 5\na;c 6\n'), 1000, 1000);
  const { strings, frames, stacks } = profile!;
  const rows = Array.from(stacks.frame, (frame, row) => `${strings[frames.name[frame]!]} ${stacks.parent[row]}`);
  expect(rows).toEqual(['a -1', 'b 0', 'x 1', 'c 0', 'b -1']);
  expect([...profile!.samples.stack]).toEqual([4, 3, 0, 2, 1, 3]);
});
