import { firstAbove } from './bisect.ts';

/** Addresses asked for again and again (callers in hot stacks) are answered from here; powers of two. */
const REMEMBERED = 16_384;
const REMEMBERED_OF_FEW = 1024;
const FEW = 4096;

/**
 * Finds, among ranges of addresses in an order, the last before a given place in that order that holds an address.
 *
 * The borders of all ranges cut memory into pieces; over the pieces stands a binary tree (a segment tree). A range is
 * listed at the few nodes that make it up exactly, so looking up an address is a walk from its piece to the root with a
 * binary search at each node: no choice of ranges makes a look-up slower than (log n)^2 or the tree larger than n log n.
 */
export class RangeIndex {
  private readonly count: number;
  private readonly borders: Float64Array;
  private readonly pieces: number;
  /** Where the list of each node begins in `listed`; the list holds ranges in ascending order. */
  private readonly listAt: Uint32Array;
  private readonly listed: Uint32Array;
  private readonly askedAddress: Float64Array;
  private readonly askedFound: Int32Array;
  private readonly askedNext: Int32Array;
  private readonly slots: number;
  private readonly bits = new Float64Array(1);
  private readonly words = new Uint32Array(this.bits.buffer);

  /**
   * @param starts first address of each range
   * @param ends address after the last; larger than the start
   */
  constructor(starts: Float64Array, ends: Float64Array, count: number) {
    this.count = count;
    this.slots = count > FEW ? REMEMBERED : REMEMBERED_OF_FEW;
    this.askedAddress = new Float64Array(this.slots).fill(Number.NaN);
    this.askedFound = new Int32Array(this.slots);
    this.askedNext = new Int32Array(this.slots);
    this.borders = bordersOf(starts, ends, count);
    this.pieces = Math.max(0, this.borders.length - 1);
    const first = new Uint32Array(count);
    const last = new Uint32Array(count);
    const listAt = new Uint32Array(2 * this.pieces + 2);
    for (let i = 0; i < count; i++) {
      first[i] = firstAbove(this.borders, starts[i]!) - 1;
      last[i] = firstAbove(this.borders, ends[i]!) - 1;
      this.nodesOf(first[i]!, last[i]!, (node) => listAt[node + 1]!++);
    }
    for (let node = 1; node < listAt.length; node++) listAt[node]! += listAt[node - 1]!;
    this.listed = new Uint32Array(listAt.at(-1)!);
    const fill = listAt.slice();
    for (let i = 0; i < count; i++) {
      this.nodesOf(first[i]!, last[i]!, (node) => {
        this.listed[fill[node]!++] = i;
      });
    }
    this.listAt = listAt;
  }

  /** The nodes that together are the pieces from `first` up to `last`, that one left out. */
  private nodesOf(first: number, last: number, visit: (node: number) => void): void {
    let low = first + this.pieces;
    let high = last + this.pieces;
    while (low < high) {
      if (low & 1) visit(low++);
      if (high & 1) visit(--high);
      low >>= 1;
      high >>= 1;
    }
  }

  /**
   * @param before only ranges with a smaller index count
   * @returns index of the last of them that holds the address; -1 where none does
   */
  find(address: number, before: number): number {
    this.bits[0] = address;
    const slot = (Math.imul(this.words[0]! ^ this.words[1]!, 0x9e3779b1) >>> 8) & (this.slots - 1);
    if (this.askedAddress[slot] === address && this.askedFound[slot]! < before && before <= this.askedNext[slot]!) {
      return this.askedFound[slot]!;
    }
    return this.walk(address, before, slot);
  }

  private walk(address: number, before: number, slot: number): number {
    let found = -1;
    let next = this.count;
    const piece = firstAbove(this.borders, address) - 1;
    if (piece >= 0 && piece < this.pieces) {
      for (let node = piece + this.pieces; node >= 1; node >>= 1) {
        const start = this.listAt[node]!;
        const end = this.listAt[node + 1]!;
        let low = start;
        let high = end;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (this.listed[middle]! < before) low = middle + 1;
          else high = middle;
        }
        if (low > start) found = Math.max(found, this.listed[low - 1]!);
        if (low < end) next = Math.min(next, this.listed[low]!);
      }
    }
    this.askedAddress[slot] = address;
    this.askedFound[slot] = found;
    this.askedNext[slot] = next;
    return found;
  }
}

/** All starts and ends, ascending, each once. */
function bordersOf(starts: Float64Array, ends: Float64Array, count: number): Float64Array {
  const all = new Float64Array(2 * count);
  all.set(starts.subarray(0, count));
  all.set(ends.subarray(0, count), count);
  all.sort();
  let kept = 0;
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[kept - 1]) all[kept++] = all[i]!;
  return all.slice(0, kept);
}
