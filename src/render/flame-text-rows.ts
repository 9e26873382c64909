import type { Kind, Profile } from '../profile/profile.ts';
import { totalWeight } from '../profile/total.ts';
import { nameOf, placeOf } from './frame-words.ts';
import { type TreeOptions, type TreeRow, treeRows } from './tree-rows.ts';

/** One line of the text flame graph: a frame, or several of a chain that look the same. Callers come first. */
export interface FlameTextRow {
  /** Index of the caller's row; -1 for `all`, which is the first one. */
  readonly parent: number;
  /** Left edge, in weight units. Siblings stand heaviest first, so that bars go down like stairs. */
  readonly start: number;
  readonly total: number;
  /** Of all frames of the row. */
  readonly self: number;
  /** Raw text, as all that follow. */
  readonly name: string;
  /** '' = unknown. */
  readonly place: string;
  /** undefined for `all`, and where frames of a chain stand together. */
  readonly kind: Kind | undefined;
  /** Whether it has siblings among the rows, and whether none of them follows. */
  readonly isBranch: boolean;
  readonly last: boolean;
}

export interface FlameTextRows {
  readonly rows: readonly FlameTextRow[];
  readonly weight: number;
  /** Self weight of what has no row, and the largest total of those frames. */
  readonly left: { readonly weight: number; readonly atMost: number };
}

export interface FlameTextRowsOptions extends Required<TreeOptions> {
  /** Rows at most, `all` included. */
  readonly limit: number;
}

/** A chain of so many frames that look the same is told by its ends and one row between them. */
const LONG_CHAIN = 4;
/** In percent of the whole: what is lighter is no branch, and what differs by less looks the same. */
const COARSENESS = [0.5, 1, 2, 4, 8];
/** Coarse enough when no more than this part of the weight has no row. */
const ENOUGH_LEFT = 0.25;
/** Names of a chain that are told from each end; the row has room for no more. */
const NAMES_OF_CHAIN = 8;

/** Frames that stand on one line; `frames` are rows of the tree, each the caller of the next. */
interface Line {
  readonly frames: readonly number[];
  /** Index of the caller's line; -1 for a root. */
  readonly parent: number;
}

/**
 * The heaviest part of the call tree that fits so many rows. What each row weighs is exact, whatever is left out. Deep
 * stacks that get slowly thinner are told coarsely, so that their ends have rows too.
 */
export function flameTextRows(profile: Profile, options: FlameTextRowsOptions): FlameTextRows {
  const weight = totalWeight(profile, options.valueIndex);
  let tree: readonly TreeRow[] = treeRows(profile, options);
  let best: FlameTextRows | undefined;
  for (const coarseness of COARSENESS) {
    const least = (Math.max(options.minPercent, coarseness) / 100) * weight;
    tree = withoutLight(tree, least);
    const lines = heaviest(foldedChains(tree, (coarseness / 100) * weight), tree, options.limit - 1);
    const rows = rowsOf(profile, options.valueIndex, tree, lines, { weight, least });
    if (best === undefined || rows.left.weight < best.left.weight) best = rows;
    if (rows.left.weight <= ENOUGH_LEFT * weight) break;
  }
  return best!;
}

/** The rows that weigh enough; callers do where their callees do. */
function withoutLight(tree: readonly TreeRow[], least: number): TreeRow[] {
  const place = new Int32Array(tree.length);
  const kept: TreeRow[] = [];
  for (const [i, row] of tree.entries()) {
    place[i] = kept.length;
    if (row.total >= least) kept.push({ ...row, parent: row.parent < 0 ? -1 : place[row.parent]! });
  }
  return kept;
}

function rowsOf(
  profile: Profile,
  valueIndex: number,
  tree: readonly TreeRow[],
  kept: readonly Line[],
  { weight, least }: { readonly weight: number; readonly least: number },
): FlameTextRows {
  const { stack } = profile.samples;
  const values = profile.samples.values[valueIndex]!;
  const stackless = stack.reduce((sum, leaf, i) => (leaf < 0 ? sum + values[i]! : sum), 0);
  const all = { start: 0, total: weight, self: stackless, name: 'all', place: '', kind: undefined };
  const rows: FlameTextRow[] = [{ ...all, parent: -1, isBranch: false, last: true }];

  const children = new Int32Array(kept.length + 1);
  for (const { parent } of kept) children[parent + 1]!++;
  const edge = new Float64Array(kept.length + 1);
  const seen = new Int32Array(kept.length + 1);
  let shown = stackless;
  for (const [i, { frames, parent }] of kept.entries()) {
    const caller = parent + 1;
    const { total } = tree[frames[0]!]!;
    const start = edge[caller]!;
    edge[caller] = start + total;
    edge[i + 1] = start;
    const self = frames.reduce((sum, frame) => sum + tree[frame]!.self, 0);
    shown += self;
    rows.push({
      parent: caller,
      start,
      total,
      self,
      ...wordsOf(frames, tree),
      isBranch: children[caller]! > 1,
      last: ++seen[caller]! === children[caller],
    });
  }
  const left = { weight: Math.max(0, weight - shown), atMost: largestLeft(tree, kept, least) };
  return { rows, weight, left };
}

function wordsOf(frames: readonly number[], tree: readonly TreeRow[]): Pick<FlameTextRow, 'name' | 'place' | 'kind'> {
  const first = tree[frames[0]!]!;
  if (frames.length === 1) return { name: nameOf(first), place: placeOf(first), kind: first.kind };
  const names = (some: readonly number[]): string[] => some.map((frame) => nameOf(tree[frame]!));
  const listed =
    frames.length <= 2 * NAMES_OF_CHAIN
      ? names(frames)
      : [...names(frames.slice(0, NAMES_OF_CHAIN)), '…', ...names(frames.slice(-NAMES_OF_CHAIN))];
  return { name: `${frames.length} frames: ${listed.join(' > ')}`, place: '', kind: undefined };
}

/** The tree as lines, in its order. What is between the ends of a long chain stands on one line. */
function foldedChains(tree: readonly TreeRow[], invisible: number): Line[] {
  const children = new Int32Array(tree.length);
  for (const { parent } of tree) if (parent >= 0) children[parent]!++;
  // In preorder an only child is the next row.
  const goesOn = (row: number): boolean => children[row] === 1 && tree[row]!.total - tree[row + 1]!.total < invisible;
  const lines: Line[] = [];
  const lineOf = new Int32Array(tree.length);
  const add = (frames: readonly number[]): void => {
    const above = tree[frames[0]!]!.parent;
    for (const frame of frames) lineOf[frame] = lines.length;
    lines.push({ frames, parent: above < 0 ? -1 : lineOf[above]! });
  };
  for (let row = 0; row < tree.length; ) {
    const chain = [row];
    while (goesOn(row)) chain.push(++row);
    row++;
    if (chain.length < LONG_CHAIN) for (const frame of chain) add([frame]);
    else for (const part of [chain.slice(0, 1), chain.slice(1, -1), chain.slice(-1)]) add(part);
  }
  return lines;
}

/** The heaviest lines. A caller is never lighter than what it calls, and stands before it: no line loses its caller. */
function heaviest(lines: readonly Line[], tree: readonly TreeRow[], limit: number): Line[] {
  if (lines.length <= limit) return [...lines];
  const total = (line: number): number => tree[lines[line]!.frames[0]!]!.total;
  const order = Array.from(lines.keys()).sort((a, b) => total(b) - total(a) || a - b);
  const chosen = order.slice(0, Math.max(0, limit)).sort((a, b) => a - b);
  const place = new Map(chosen.map((line, i) => [line, i]));
  return chosen.map((line) => {
    const { frames, parent } = lines[line]!;
    return { frames, parent: parent < 0 ? -1 : place.get(parent)! };
  });
}

/** No frame without a row is heavier than this, in weight units. */
function largestLeft(tree: readonly TreeRow[], kept: readonly Line[], least: number): number {
  const drawn = new Uint8Array(tree.length);
  for (const { frames } of kept) for (const frame of frames) drawn[frame] = 1;
  return tree.reduce((most, { total }, row) => (drawn[row] ? most : Math.max(most, total)), least);
}
