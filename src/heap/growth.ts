import type { KeptColumns } from './kept-columns.ts';
import { holdersOfNodes, lastingObjects } from './lasting.ts';

/**
 * Something that holds more with every snapshot. Counts and sizes have one number a snapshot; they are of what came and
 * went in between, so what was there all the time is not in them.
 */
export interface Grower {
  /** Id of the holder: an object that all snapshots have, and that what it holds hangs on alone. */
  readonly holder: number;
  /** What it holds more and more of, and what of that hangs on it at once: objects before strings, more before fewer, then by bytes. */
  readonly classes: readonly GrowingClass[];
  /** Bytes of all of those. */
  readonly sizes: readonly number[];
  /** What else there is more and more of below them; the most bytes first. */
  readonly contents: readonly Content[];
}

interface GrowingClass {
  readonly className: string;
  readonly classKey: string;
  /** Objects of the class that the holder keeps, at whatever depth. */
  readonly counts: readonly number[];
  /** Bytes of those of them that hang on the holder at once, and of what hangs on these. */
  readonly sizes: readonly number[];
  /** In the last snapshot: those that hang on the holder at once, the newest first. */
  readonly members: readonly number[];
}

/** A class of objects below a {@link Grower}, one number a snapshot. */
interface Content {
  readonly className: string;
  readonly counts: readonly number[];
  /** Bytes of the objects themselves. */
  readonly sizes: readonly number[];
}

/** Classes of which V8 makes more by itself: code is compiled, shapes are learnt. Nobody's leak, and no news. */
const OWN_CLASSES = new Set(['(compiled code)', '(object shape)', '(system)', '(synthetic)', '(number)']);

export interface GrowthLimits {
  /** Objects that must be more with each snapshot. Default: 1 */
  readonly leastCount?: number;
  /** Bytes that must be more with each snapshot. Default: 1 */
  readonly leastBytes?: number;
  /** With so many bytes more, one object more is enough. Default: they never are */
  readonly muchBytes?: number;
}

/**
 * Finds what grew from each snapshot to the next. Each object that not all snapshots have is put down to the nearest
 * object above it, among those that dominate it, that all of them have: its holder. So a Map that is filled is found
 * whatever became of its table meanwhile, a list by its head, and a cache that throws out what it takes in is not.
 * @param snapshots of one process, in the order of time; at least two
 * @returns the most growth in bytes first
 */
export function growers(snapshots: readonly KeptColumns[], limits: GrowthLimits = {}): Grower[] {
  const { leastCount = 1, leastBytes = 1, muchBytes = Number.POSITIVE_INFINITY } = limits;
  const last = snapshots.length - 1;
  const lasting = lastingObjects(snapshots);
  const sums = snapshots.map((snapshot, i) => heldByLasting(snapshot, lasting[i]!, i === last));
  const columns = [...sums[last]!].map(([key, sum]): HeldOverTime => {
    const column = (of: (held: Held) => number): number[] => sums.map((held) => sumOf(held.get(key), of));
    return {
      sum,
      counts: column(({ count }) => count),
      sizes: column(({ size }) => size),
      shallow: column(({ shallow }) => shallow),
    };
  });
  const more = columns.filter(
    ({ sum, counts, shallow }) => !OWN_CLASSES.has(sum.className) && grows(counts, leastCount) && grows(shallow, 1),
  );
  const moreOf = new Map<number, HeldOverTime[]>();
  for (const one of more) moreOf.set(one.sum.holder, [...(moreOf.get(one.sum.holder) ?? []), one]);
  const byHolder = new Map<number, HeldOverTime[]>();
  for (const one of columns) {
    const { holder, className } = one.sum;
    if (OWN_CLASSES.has(className) || !grows(one.sizes, leastBytes)) continue;
    // A list that is made anew with each item is one object, whatever it holds
    const others = (moreOf.get(holder) ?? []).filter(({ sum }) => sum !== one.sum);
    const isOneMore = grows(one.counts, 1) && grows(one.sizes, muchBytes);
    if (!grows(one.counts, leastCount) && others.length === 0 && !isOneMore) continue;
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), one]);
  }
  const found = [...byHolder].map(([holder, classes]): Grower => {
    const inside = (moreOf.get(holder) ?? []).filter((one) => !classes.includes(one));
    return {
      holder,
      classes: classes
        .map(({ sum: { className, classKey, members }, counts, sizes }) => ({
          className,
          classKey,
          counts,
          sizes,
          members,
        }))
        .sort(
          (a, b) =>
            Number(isText(a)) - Number(isText(b)) ||
            Number(grows(b.counts, 0)) - Number(grows(a.counts, 0)) ||
            b.sizes[last]! - a.sizes[last]!,
        ),
      sizes: snapshots.map((_, i) => classes.reduce((sum, { sizes }) => sum + sizes[i]!, 0)),
      contents: contentsOf(inside),
    };
  });
  const growth = ({ sizes }: Grower): number => sizes[last]! - sizes[0]!;
  return found.sort((a, b) => growth(b) - growth(a) || a.holder - b.holder);
}

/** Strings and V8's arrays are what people's objects consist of, and their keys in Maps. */
function isText({ className }: { readonly className: string }): boolean {
  return className.startsWith('(');
}

interface HeldOverTime {
  readonly sum: Held;
  readonly counts: readonly number[];
  readonly sizes: readonly number[];
  readonly shallow: readonly number[];
}

function sumOf(held: Held | undefined, of: (held: Held) => number): number {
  return held === undefined ? 0 : of(held);
}

function grows(column: readonly number[], least: number): boolean {
  return column.every((value, i) => i === 0 || value - column[i - 1]! >= least);
}

function contentsOf(others: readonly HeldOverTime[]): Content[] {
  return others
    .map(({ sum, counts, shallow }) => ({ className: sum.className, counts, sizes: shallow }))
    .sort((a, b) => b.sizes.at(-1)! - a.sizes.at(-1)!);
}

interface Held {
  readonly holder: number;
  readonly className: string;
  readonly classKey: string;
  count: number;
  /** Of those that hang on the holder at once: their bytes, and those of what came with them. */
  size: number;
  /** Bytes of all of them, without what they hold. */
  shallow: number;
  readonly members: number[];
}

/** Sums by holder and class, of what came or went. */
function heldByLasting(snapshot: KeptColumns, lasting: Uint8Array, keepMembers: boolean): Map<string, Held> {
  const { id, dominator, root, classOf, internal, shallowSize, byId, classNames, classKeys } = snapshot;
  const holder = holdersOfNodes(snapshot, lasting);
  const top = outermost(snapshot, holder);
  const sums = new Map<string, Held>();
  const sumFor = (held: number, classRow: number): Held => {
    const key = `${id[held]} ${classKeys[classRow]}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      const words = { className: classNames[classRow]!, classKey: classKeys[classRow]! };
      sum = { holder: id[held]!, ...words, count: 0, size: 0, shallow: 0, members: [] };
      sums.set(key, sum);
    }
    return sum;
  };
  // Newest first: those that are told as examples came last
  for (let i = byId.length - 1; i >= 0; i--) {
    const node = byId[i]!;
    if (lasting[node] === 1 || node === root) continue;
    let held = holder[node]!;
    while (internal[held] === 1 && held !== root) held = dominator[held]!;
    // What lasts below it is not counted: of a chain the newest part holds all older ones
    if (internal[top[node]!] === 0) sumFor(held, classOf[top[node]!]!).size += shallowSize[node]!;
    if (internal[node] === 1) continue;
    const sum = sumFor(held, classOf[node]!);
    sum.count++;
    sum.shallow += shallowSize[node]!;
    if (top[node] === node && keepMembers) sum.members.push(node);
  }
  return sums;
}

/**
 * Of each node the outermost one that came or went and dominates it, looking through V8's own arrangements; of lasting nodes
 * nothing. Walks up each chain once.
 */
function outermost({ dominator, internal }: KeptColumns, holder: Uint32Array): Uint32Array {
  const top = new Uint32Array(dominator.length);
  const isKnown = new Uint8Array(dominator.length);
  const chain: number[] = [];
  for (let start = 0; start < dominator.length; start++) {
    let node = start;
    while (holder[node] !== node && isKnown[node] === 0) {
      chain.push(node);
      node = dominator[node]!;
    }
    for (let above = node; chain.length > 0; ) {
      const below = chain.pop()!;
      const isTop = holder[above] === above || (top[above] === above && internal[above] === 1);
      top[below] = isTop ? below : top[above]!;
      isKnown[below] = 1;
      above = below;
    }
  }
  return top;
}
