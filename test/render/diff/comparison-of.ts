import { ProfileBuilder } from '../../../src/profile/builder.ts';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import { type Changes, type Comparison, VERDICTS, type Verdict } from '../../../src/profile/diff/comparison.ts';
import { parseFrameLabel } from '../../../src/profile/frame-label.ts';
import type { Profile } from '../../../src/profile/profile.ts';

/** What folded text of three columns holds: `stack BEFORE AFTER`. */
export function sidesOf(lines: string): { readonly before: Profile; readonly after: Profile } {
  const read = lines
    .split('\n')
    .map((line) => /^\s*(.*) ([\d.]+) ([\d.]+)\s*$/.exec(line))
    .filter((found) => found !== null);
  const side = (column: 2 | 3): Profile => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    for (const found of read) {
      if (Number(found[column]) === 0) continue;
      let stack = -1;
      for (const label of found[1]!.split(';')) stack = builder.stack(stack, builder.frame(parseFrameLabel(label)));
      builder.sample(stack, [Number(found[column])]);
    }
    return builder.build();
  };
  return { before: side(2), after: side(3) };
}

export function comparisonOf(lines: string, options: Parameters<typeof compareProfiles>[2] = {}): Comparison {
  const { before, after } = sidesOf(lines);
  return compareProfiles([before], [after], { names: { before: 'old.folded', after: 'new.folded' }, ...options });
}

/** A comparison whose verdicts are as a test says them, by the label of the path's frame: drawing does not judge. */
export function judged(comparison: Comparison, verdicts: Readonly<Record<string, Verdict>>): Comparison {
  const { profile, paths } = comparison;
  const labels = Array.from(profile.stacks.frame, (frame) => profile.strings[profile.frames.name[frame]!]!);
  const column = Uint8Array.from(labels, (label) => VERDICTS.indexOf(verdicts[label] ?? 'unchanged'));
  const changes: Changes = { ...paths, verdict: column };
  const significant = column.filter((verdict) => ['grew', 'shrank', 'new', 'gone'].includes(VERDICTS[verdict]!)).length;
  return { ...comparison, paths: changes, significant };
}

/** A small comparison with a change of every kind: differential folded text, and as it was judged. */
export const CHANGED_LINES = `
  main;parse;scan 300 420
  main;parse 200 210
  main;oldEmit;flush 150 0
  main;newEmit;flush 0 140
  main;rest 350 230
`;
export const changed = judged(comparisonOf(CHANGED_LINES), {
  parse: 'grew',
  scan: 'grew',
  oldEmit: 'gone',
  newEmit: 'new',
  rest: 'shrank',
});
