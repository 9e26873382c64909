import { describe, expect, test } from 'vitest';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import { type Changes, type Comparison, VERDICTS } from '../../../src/profile/diff/comparison.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';
import { profileOf } from '../profile-of.ts';

/** `main;parse`, for every stack of the union. */
function pathsOf({ profile }: Comparison): string[] {
  const paths: string[] = [];
  for (let i = 0; i < profile.stacks.length; i++) {
    const label = frameLabel(profile, profile.stacks.frame[i]!);
    const parent = profile.stacks.parent[i]!;
    paths.push(parent < 0 ? label : `${paths[parent]};${label}`);
  }
  return paths;
}

function row(comparison: Comparison, path: string, changes: Changes = comparison.paths) {
  const at = pathsOf(comparison).indexOf(path);
  return {
    before: changes.before[at],
    after: changes.after[at],
    delta: changes.delta[at],
    verdict: VERDICTS[changes.verdict[at]!],
  };
}

describe('weights', () => {
  test('a parent that grew from 13 to 14 has a positive delta, though its own weight fell', () => {
    const comparison = compareProfiles(
      [
        profileOf`
        a;b 10
        a;b;c 3
        a;d 7
      `,
      ],
      [
        profileOf`
        a;b 8
        a;b;c 6
        a;d 6
      `,
      ],
    );
    expect(row(comparison, 'a;b')).toEqual({ before: 13, after: 14, delta: 1, verdict: 'unchanged' });
  });

  test('counts are compared as parts of the whole', () => {
    const comparison = compareProfiles(
      [
        profileOf`a;b 10
a;c 10`,
      ],
      [
        profileOf`a;b 30
a;c 10`,
      ],
    );
    expect(comparison.scale).toBe(2);
    expect(row(comparison, 'a;b').delta).toBe(10);
    expect(row(comparison, 'a;c').delta).toBe(-10);
  });

  test('or as they are', () => {
    const comparison = compareProfiles(
      [
        profileOf`a;b 10
a;c 10`,
      ],
      [
        profileOf`a;b 30
a;c 10`,
      ],
      { normalize: false },
    );
    expect(comparison.scale).toBe(1);
    expect(row(comparison, 'a;b').delta).toBe(20);
    expect(row(comparison, 'a;c').delta).toBe(0);
  });
});
