import { type FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import type { Int32Column } from '../../profile/columns.ts';
import { ALLOCATORS, EXTRA_HEAP, STACKS, UNKNOWN_HEAP } from '../../profile/heap-frames.ts';
import {
  chosenRow,
  DETAILS,
  type HeapHistory,
  landmarks,
  type SnapshotChoice,
  timeUnitOf,
  totalAt,
} from '../../profile/heap-history.ts';
import type { Profile, Series } from '../../profile/profile.ts';
import { formatPercent, formatValue } from '../../profile/units.ts';
import { type HeapTree, totalOf } from './kept-tree.ts';
import type { MassifLabels } from './labels.ts';
import type { MassifFile } from './read-massif.ts';

/**
 * One snapshot as a profile whose weight is its heap, extra heap and stacks, to the byte; and all snapshots as series.
 * Stacks end in the function that called the allocator.
 */
export function heapProfile({ history, labels, tree }: MassifFile, choice: SnapshotChoice, notes: string[]): Profile {
  const type = tree?.event?.type ?? 'inuse_space';
  const builder = new ProfileBuilder([{ type, unit: tree?.event?.unit ?? 'bytes' }]);
  const root = (words: FrameWords, bytes: number): void => {
    if (bytes > 0) builder.sample(builder.stack(-1, builder.frame(words)), [bytes]);
  };
  const { snapshots } = history;
  // Where massif kept no tree at all there are still the sums
  const row = tree === undefined ? chosenRow(history, choice) : snapshots.number.indexOf(tree.snapshot.number);
  const heap = tree?.snapshot.heap ?? snapshots.heap[row]!;
  const placed = tree === undefined ? 0 : addTree(builder, tree, labels);
  root(UNKNOWN_HEAP, heap - placed);
  root(EXTRA_HEAP, tree?.snapshot.extra ?? snapshots.extra[row]!);
  root(STACKS, tree?.snapshot.stacks ?? snapshots.stacks[row]!);
  notes.push(...snapshotNotes(history, row, tree, choice));
  const { nanoseconds } = timeUnitOf(history.timeUnit);
  const end = snapshots.time[snapshots.length - 1]!;
  const command = history.command === '' ? undefined : history.command.split(/\s+/);
  return builder.build(
    {
      tool: 'massif',
      ...(command === undefined ? {} : { command }),
      ...(nanoseconds === undefined ? {} : { duration: end * nanoseconds }),
      notes,
    },
    { series: tree?.event === undefined ? seriesOf(history) : [] },
  );
}

/** @returns the bytes that stand in it */
function addTree(builder: ProfileBuilder, { callee, label, self }: HeapTree, labels: MassifLabels): number {
  const { length } = self;
  const inlined = inlinedRows(callee, label, labels);
  const frames: Map<number, number>[] = [new Map(), new Map()];
  const frameAt = (row: number): number => {
    const number = label.at(row);
    const known = frames[inlined[row]!]!;
    let frame = known.get(number);
    if (frame === undefined) {
      const { words } = labels.at(number);
      frame = builder.frame(inlined[row] === 1 ? { ...words, kind: 'inlined' } : words);
      known.set(number, frame);
    }
    return frame;
  };
  let sum = 0;
  for (let row = 0; row < length; row++) {
    const bytes = self.at(row);
    if (bytes === 0) continue;
    let stack = row === 0 ? builder.stack(-1, builder.frame(ALLOCATORS)) : -1;
    for (let at = row; at > 0; at = callee.at(at)) stack = builder.stack(stack, frameAt(at));
    builder.sample(stack, [bytes]);
    sum += bytes;
  }
  return sum;
}

/**
 * A function and the one it was inlined into stand at one address, and so do the calls of a recursion: a function that
 * comes again is another call. @returns 1 for a row that was inlined into its caller
 */
function inlinedRows(callee: Int32Column, label: Int32Column, labels: MassifLabels): Uint8Array {
  const inlined = new Uint8Array(label.length);
  /** The innermost function of the same call. */
  const innermost = new Int32Array(label.length);
  for (let row = 1; row < label.length; row++) {
    innermost[row] = row;
    const below = callee.at(row);
    if (below === 0) continue;
    const { address } = labels.at(label.at(row));
    if (address === '' || address !== labels.at(label.at(below)).address) continue;
    let at = below;
    while (at !== innermost[below] && label.at(at) !== label.at(row)) at = callee.at(at);
    if (label.at(at) === label.at(row)) continue;
    inlined[below] = 1;
    innermost[row] = innermost[below]!;
  }
  return inlined;
}

function seriesOf({ snapshots, timeUnit }: HeapHistory): Series[] {
  const { nanoseconds, name: unitName } = timeUnitOf(timeUnit);
  const time = nanoseconds === undefined ? snapshots.time : snapshots.time.map((at) => at * nanoseconds);
  const clock = nanoseconds === undefined ? { timeUnit: unitName } : {};
  return (['heap', 'extra', 'stacks'] as const)
    .filter((name) => name !== 'stacks' || snapshots.stacks.some((bytes) => bytes > 0))
    .map((name) => ({ name, unit: 'bytes', ...clock, time, value: snapshots[name] }));
}

/** Which snapshot it is, and where the heap was larger. */
function snapshotNotes(
  history: HeapHistory,
  row: number,
  tree: HeapTree | undefined,
  choice: SnapshotChoice,
): string[] {
  const { snapshots } = history;
  const { maximum, marked } = landmarks(history);
  const name = (at: number): string => `snapshot ${snapshots.number[at]}`;
  const size = (at: number): string => formatValue(totalAt(snapshots, at), 'bytes');
  if (tree?.event !== undefined) {
    const { type, unit } = tree.event;
    return [
      `${name(row)}: ${type}, ${formatValue(totalOf(tree.snapshot), unit)} (a report of valgrind's --xtree-memory: each snapshot counts something else)`,
    ];
  }
  if (tree === undefined)
    return [`massif kept no details of any snapshot; drawn is the largest, ${name(row)}: ${size(row)}`];
  const which = DETAILS[snapshots.detail[row]!] === 'peak' ? 'marked as the peak' : 'with details';
  const notes = [`${name(row)} of ${snapshots.length}, ${which}: ${size(row)}`];
  const most = totalAt(snapshots, maximum);
  const here = totalAt(snapshots, row);
  if (typeof choice === 'number') return notes;
  if (choice === 'peak' && marked < 0) notes.push('massif marked no peak: this is the largest snapshot with details');
  if (most > here) {
    const detailed = DETAILS[snapshots.detail[maximum]!] !== 'none';
    notes.push(
      `the heap was largest at ${name(maximum)}: ${size(maximum)} (${formatPercent(here, most)} of that is drawn)` +
        (detailed ? `: --snapshot ${snapshots.number[maximum]} draws it` : ', of which massif kept no details'),
    );
  }
  return notes;
}
