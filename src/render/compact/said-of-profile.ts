import { plural } from '../../plural.ts';
import type { Profile } from '../../profile/profile.ts';
import { formatPercent, groupDigits } from '../../profile/units.ts';
import type { Palette } from '../colors.ts';
import type { FlameLayout } from '../flame-layout.ts';
import type { LegendEntry } from './static-texts.ts';

const HOTTEST = 5;
const LONGEST_NAME = 200;

/** Self weight of each row of the profile's frame table; NaN = in no stack. */
export function frameWeights({ tree }: FlameLayout, frameCount: number): Float64Array {
  const weights = new Float64Array(frameCount).fill(Number.NaN);
  for (let node = 0; node < tree.length; node++) {
    const frame = tree.frame[node]!;
    const held = weights[frame]!;
    weights[frame] = (held > 0 ? held : 0) + tree.self[node]!;
  }
  return weights;
}

/** The groups that have self weight, with their shares, in the palette's order. */
export function legendOf(profile: Profile, weights: Float64Array, total: number, palette: Palette): LegendEntry[] {
  if (palette.groups.length === 0) return [];
  const groups = new Map<string, number>();
  for (let frame = 0; frame < weights.length; frame++) {
    if (Number.isNaN(weights[frame])) continue;
    const group = palette.groupOf(profile, frame);
    groups.set(group, (groups.get(group) ?? 0) + weights[frame]!);
  }
  return (
    palette.groups
      // Thread rows are of no kind and have no weight of their own: they are no entry.
      .filter(({ id }) => groups.has(id) && (id !== 'unknown' || groups.get(id)! > 0))
      .map(({ id, title }) => ({
        group: id,
        title,
        share: formatPercent(groups.get(id)!, total, 1),
        fill: palette.fill(id, title),
      }))
  );
}

/**
 * What a picture says to those who do not see it: how much there is, and where most of it ends.
 * @param value the whole weight, in words
 * @param samples how many there are
 */
export function description(
  { frames, strings }: Profile,
  weights: Float64Array,
  total: number,
  value: string,
  samples: number,
): string {
  const hottest: number[] = [];
  for (let frame = 0; frame < weights.length; frame++) {
    if (!(weights[frame]! > (weights[hottest[HOTTEST - 1] ?? -1] ?? 0))) continue;
    hottest.push(frame);
    hottest.sort((a, b) => weights[b]! - weights[a]! || a - b);
    hottest.length = Math.min(hottest.length, HOTTEST);
  }
  const most = hottest.map((frame) => {
    const name = strings[frames.name[frame]!]! || '(anonymous)';
    return `${name.slice(0, LONGEST_NAME)} ${formatPercent(weights[frame]!, total, 1)}`;
  });
  const counted = `Flame graph of ${value} in ${groupDigits(samples)} ${plural(samples, 'sample')}`;
  return most.length === 0 ? `${counted}.` : `${counted}. Most of it is in ${most.join(', ')}.`;
}
