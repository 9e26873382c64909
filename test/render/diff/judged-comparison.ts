import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import { type Changes, type Comparison, VERDICTS, type Verdict } from '../../../src/profile/diff/comparison.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';
import type { Profile } from '../../../src/profile/profile.ts';

/** What is said of the change of a path or a function. */
type Said = readonly [verdict: Verdict, low: number, high: number, p: number];

/**
 * A comparison whose findings are as the test wants them: weights are those of the profiles, every change that is not
 * named is no more than noise.
 * @param said by path (`main;parse`) and, of functions, by name (`parse()`)
 */
export function comparisonOf(
  before: Profile,
  after: Profile,
  said: Readonly<Record<string, Said>> = {},
  parts: Partial<Comparison> = {},
): Comparison {
  const plain = compareProfiles([before], [after], { names: { before: 'before.svg', after: 'after.svg' } });
  const { profile } = plain;
  const labels = Array.from({ length: profile.frames.length }, (_, frame) => frameLabel(profile, frame));
  const paths: string[] = [];
  for (let i = 0; i < profile.stacks.length; i++) {
    const label = labels[profile.stacks.frame[i]!]!;
    const above = profile.stacks.parent[i]!;
    paths.push(above < 0 ? label : `${paths[above]};${label}`);
  }
  const judged = <T extends Changes>(changes: T, keys: readonly string[]): T => {
    const of = (row: number): Said => said[keys[row]!] ?? ['unchanged', -1, 1, 0.5];
    const rows = keys.map((_, row) => of(row));
    return {
      ...changes,
      verdict: Uint8Array.from(rows, ([verdict]) => VERDICTS.indexOf(verdict)),
      low: Float64Array.from(rows, ([, low]) => low),
      high: Float64Array.from(rows, ([, , high]) => high),
      p: Float64Array.from(rows, ([, , , p]) => p),
    };
  };
  const changed = new Set<Verdict>(['grew', 'shrank', 'new', 'gone']);
  return {
    ...plain,
    paths: judged(plain.paths, paths),
    functions: judged(
      plain.functions,
      [...plain.functions.frame].map((frame) => `${labels[frame]}()`),
    ),
    notes: [],
    significant: paths.filter((path) => said[path] !== undefined && changed.has(said[path][0])).length,
    ...parts,
  };
}
