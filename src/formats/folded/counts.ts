import { PairInterner } from '../../profile/columns.ts';
import { labelRanks } from '../../profile/label-ranks.ts';
import { type Preorder, preorder } from '../../profile/preorder.ts';
import type { Profile, ValueType } from '../../profile/profile.ts';
import { restack } from '../../profile/restack.ts';

/** What the columns of a differential file hold: difffolded.pl's and inferno-diff-folded's `stack BEFORE AFTER`. */
export const BEFORE_AFTER: readonly ValueType[] = [
  { type: 'before', unit: 'count' },
  { type: 'after', unit: 'count' },
];

/** Stacks in the order of their lines, and the counts of each node: one column, or two. */
export interface FoldedCounts extends Omit<Preorder, 'self'> {
  readonly counts: readonly Float64Array[];
}

/** The weights that folded text shows: the default value type's, or both of a profile with {@link BEFORE_AFTER}. */
export function foldedCounts(profile: Profile): FoldedCounts {
  if (!isDifferential(profile)) {
    const { self, ...tree } = preorder(profile);
    return { ...tree, counts: [self] };
  }
  const { valueTypes, samples } = profile;
  const [before, after] = samples.values;
  // A stack stands in the file where it has either weight
  const either = Float64Array.from(before!, (weight, i) => weight + after![i]!);
  const { self: _, ...tree } = preorder({
    ...profile,
    valueTypes: [...valueTypes, { type: 'either', unit: 'count' }],
    samples: { ...samples, values: [before!, after!, either] },
  });
  const rank = labelRanks(profile);
  const rows = new PairInterner(tree.length);
  for (let node = 0; node < tree.length; node++) rows.intern(tree.parent[node]!, rank[tree.frame[node]!]!);
  const rowOf = restack(profile.stacks, rank, rows);
  const counts = samples.values.map((weights) => {
    const self = new Float64Array(rows.length);
    for (let i = 0; i < weights.length; i++) self[rowOf[samples.stack[i]!]!]! += weights[i]!;
    return self;
  });
  return { ...tree, counts };
}

/** Whether it holds what a differential file does, and nothing else. */
export function isDifferential({ valueTypes }: Profile): boolean {
  return (
    valueTypes.length === BEFORE_AFTER.length &&
    BEFORE_AFTER.every(({ type, unit }, i) => valueTypes[i]!.type === type && valueTypes[i]!.unit === unit)
  );
}
