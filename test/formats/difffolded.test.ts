import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeDifffolded } from '../../src/formats/difffolded.ts';
import { readProfile } from '../../src/formats/registry.ts';
import { compareProfiles } from '../../src/profile/diff/compare.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { stripHex } from '../../src/profile/strip-hex.ts';
import { profileOf } from '../profile/profile-of.ts';

function textOf(before: Profile, after: Profile, options: Parameters<typeof writeDifffolded>[1] = {}) {
  const { chunks, notes } = writeDifffolded(compareProfiles([before], [after], { match: 'exact' }), options);
  return {
    lines: Buffer.concat([...chunks].map((chunk) => Buffer.from(chunk)))
      .toString()
      .split('\n')
      .slice(0, -1),
    notes,
  };
}

describe('a comparison as folded text', () => {
  test('self counts of both sides, every stack once, sorted', () => {
    const { lines, notes } = textOf(
      profileOf('main;b 3\nmain;gone 7\nmain 1'),
      profileOf('main;new 8\nmain;b 4\nmain;b 5'),
    );
    expect(lines).toEqual(['main 1 0', 'main;b 3 9', 'main;gone 7 0', 'main;new 0 8']);
    expect(notes).toEqual([]);
  });

  test('normalised: the first count on the scale of the second, cut to a whole number', () => {
    const { lines } = textOf(profileOf('a 1\nb 2'), profileOf('a 5\nb 5'), { normalize: true });
    expect(lines).toEqual(['a 3 5', 'b 6 5']);
  });

  test('fractions of counts are cut, with a note; a factor keeps them', () => {
    const sides = [profileOf('a 1.5\nb 0.25'), profileOf('a 2')] as const;
    const plain = textOf(...sides);
    expect(plain.lines).toEqual(['a 1 2']);
    expect(plain.notes).toEqual([expect.stringContaining('0.75 in all: --factor 100 keeps more')]);
    expect(textOf(...sides, { factor: 100 })).toEqual({ lines: ['a 150 200', 'b 25 0'], notes: [] });
  });

  test('weights that are no counts keep their fractions', () => {
    const valueTypes = [{ type: 'cpu', unit: 'milliseconds' }];
    const { lines } = textOf(profileOf('a 1.5', { valueTypes }), profileOf('a 2.25', { valueTypes }));
    expect(lines).toEqual(['a 1.5 2.25']);
  });

  test('samples without a stack are a frame of their own', () => {
    expect(textOf(profileOf('a 1\n7'), profileOf('a 1\n8')).lines).toContain('[unknown] 7 8');
  });
});

test('stripHex: every address becomes 0x..., and what is equal then is one', () => {
  const { lines } = textOf(
    stripHex(profileOf('main;0x234f2abc 3\nmain;0xF1BDE348 4\nmain;g+0x10 1')),
    stripHex(profileOf('main;0xdead 5')),
  );
  expect(lines).toEqual(['main;0x... 7 5', 'main;g+0x... 1 0']);
});

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/diff-folded');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: folded text of other projects is not at ${PEERS}`);

describe.runIf(present)('line by line what inferno-diff-folded writes', () => {
  test.each([
    ['default', 'before.txt', {}],
    ['fractionals', 'before_fractionals.txt', {}],
    ['normalize', 'before.txt', { normalize: true }],
    ['strip_hex', 'before.txt', {}],
  ])('%s', async (name, before, options) => {
    const prepare = name === 'strip_hex' ? stripHex : (profile: Profile) => profile;
    const sides = await Promise.all([before, 'after.txt'].map((file) => readProfile(resolve(PEERS, file))));
    const { lines } = textOf(prepare(sides[0]!), prepare(sides[1]!), options);
    const expected = readFileSync(resolve(PEERS, 'results', `${name}.txt`), 'utf8')
      .trim()
      .split('\n');
    // Theirs stand in the order of a hash table
    expect([...lines].sort()).toEqual(expected.sort());
  });
});
