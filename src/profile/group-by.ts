import { byCodeUnits } from './by-code-units.ts';
import { frameLabel } from './frame-label.ts';
import { groupTotals } from './group-totals.ts';
import { defaultValueIndex, KINDS, type Profile, type Thread } from './profile.ts';
import { valuesOf } from './total.ts';
import { selfWeights, stacklessWeight, subtreeWeights } from './weights.ts';

/** What weight can be summed by. */
export const GROUPINGS = ['function', 'module', 'file', 'kind', 'thread'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface GroupRow {
  /** '' = unknown: frames without a module or file, samples without a stack or thread. */
  readonly name: string;
  /** Weight of the samples whose leaf is in the group; sums to the whole weight over all rows. */
  readonly self: number;
  /** Weight of the samples that have any frame of the group; each sample counts once. */
  readonly total: number;
}

/**
 * Sums the weight by one property of frames, or by thread, heaviest self weight first; weightless groups are left out.
 * @param valueIndex default: the profile's default value type
 */
export function groupBy(profile: Profile, grouping: Grouping, valueIndex = defaultValueIndex(profile)): GroupRow[] {
  const rows = grouping === 'thread' ? byThread(profile, valueIndex) : byFrame(profile, grouping, valueIndex);
  return rows
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.self - a.self || b.total - a.total || byCodeUnits(a.name, b.name));
}

function byFrame(profile: Profile, grouping: Exclude<Grouping, 'thread'>, valueIndex: number): GroupRow[] {
  const { frames, stacks } = profile;
  const indexOf = new Map<string, number>();
  const groupOf = Int32Array.from({ length: frames.length }, (_, frame) => {
    const name = groupName(profile, grouping, frame);
    let index = indexOf.get(name);
    if (index === undefined) {
      index = indexOf.size;
      indexOf.set(name, index);
    }
    return index;
  });
  const stackSelf = selfWeights(profile, valueIndex);
  const self = new Float64Array(indexOf.size);
  for (let stack = 0; stack < stacks.length; stack++) self[groupOf[stacks.frame[stack]!]!]! += stackSelf[stack]!;
  const total = groupTotals(stacks, groupOf, subtreeWeights(stacks.parent, stackSelf), indexOf.size);
  // A kind is never '': samples without a stack are of kind unknown, as in kindTotals.
  const unknown = grouping === 'kind' ? 'unknown' : '';
  const stackless = stacklessWeight(profile, valueIndex);
  const rows = [...indexOf].map(([name, index]) => {
    const more = name === unknown ? stackless : 0;
    return { name, self: self[index]! + more, total: total[index]! + more };
  });
  return indexOf.has(unknown) ? rows : [...rows, { name: unknown, self: stackless, total: stackless }];
}

function groupName(profile: Profile, grouping: Exclude<Grouping, 'thread'>, frame: number): string {
  const { frames, strings } = profile;
  switch (grouping) {
    case 'function':
      return frameLabel(profile, frame);
    case 'module':
      return strings[frames.module[frame]!]!;
    case 'file':
      return strings[frames.file[frame]!]!;
    case 'kind':
      return KINDS[frames.kind[frame]!]!;
  }
}

function byThread(profile: Profile, valueIndex: number): GroupRow[] {
  const { samples, threads } = profile;
  const values = valuesOf(profile, valueIndex);
  const sums = new Map<string, number>();
  for (let row = 0; row < samples.length; row++) {
    const thread = threads[samples.thread?.[row] ?? -1];
    const name = thread === undefined ? '' : threadLabel(thread);
    sums.set(name, (sums.get(name) ?? 0) + values[row]!);
  }
  return [...sums].map(([name, sum]) => ({ name, self: sum, total: sum }));
}

/** `node 12/13`: name, pid and tid, without what is unknown. */
function threadLabel({ name, process, pid, tid }: Thread): string {
  const ids = pid < 0 && tid < 0 ? '' : `${pid < 0 ? '?' : pid}/${tid < 0 ? '?' : tid}`;
  return [name || process, ids].filter((part) => part !== '').join(' ');
}
