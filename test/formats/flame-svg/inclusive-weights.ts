import { frameLabel } from '../../../src/profile/frame-label.ts';
import type { Profile } from '../../../src/profile/profile.ts';

/** The weight of each path (names from the root on, between line ends) and all that lies on it; '' = the whole. */
export function inclusiveWeights(profile: Profile): Map<string, number> {
  const { stacks, samples } = profile;
  const paths: string[] = [];
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    paths.push(`${caller < 0 ? '' : `${paths[caller]}\n`}${frameLabel(profile, stacks.frame[stack]!)}`);
  }
  const weights = new Float64Array(stacks.length);
  let whole = 0;
  for (let row = 0; row < samples.length; row++) {
    const weight = samples.values.at(-1)![row]!;
    whole += weight;
    if (samples.stack[row]! >= 0) weights[samples.stack[row]!]! += weight;
  }
  const sums = new Map([['', whole]]);
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (weights[stack] === 0) continue;
    sums.set(paths[stack]!, (sums.get(paths[stack]!) ?? 0) + weights[stack]!);
    if (stacks.parent[stack]! >= 0) weights[stacks.parent[stack]!]! += weights[stack]!;
  }
  return sums;
}

export interface FoldedLook {
  /** Frames from the leaf on, as `--reverse` draws them. */
  readonly reversed?: boolean;
  /** Which of several counts of a line; default the last. */
  readonly column?: number;
  /** inferno leaves fractions out. */
  readonly truncated?: boolean;
}

/** The same of folded text, read without any of our readers. Titles have no marks of collapsers: neither have these. */
export function inclusiveOfFolded(
  text: string,
  { reversed, column = -1, truncated }: FoldedLook = {},
): Map<string, number> {
  const sums = new Map([['', 0]]);
  for (const line of text.split('\n')) {
    const [, stack, numbers] = /^(.*?)((?: \d+(?:\.\d*)?)+)$/.exec(line.trimEnd()) ?? [];
    if (stack === undefined || stack.startsWith('#')) continue;
    const counts = numbers!.trim().split(' ').map(Number);
    const count = truncated ? Math.trunc(counts.at(column)!) : counts.at(column)!;
    if (count === 0) continue;
    const names = stack.split(';').map((name) => name.replace(/_\[[kwij]\]$/, '').trim() || '[unknown]');
    if (reversed) names.reverse();
    sums.set('', sums.get('')! + count);
    for (let depth = 1; depth <= names.length; depth++) {
      const path = names.slice(0, depth).join('\n');
      sums.set(path, (sums.get(path) ?? 0) + count);
    }
  }
  return sums;
}
