/** Names by their place in a string table. */
export interface SymbolNames {
  nameOf(at: number): string;
}

/**
 * The few symbols of a table that hold one of the addresses that are asked for. Symbols come in any order, and any number
 * of them; those that hold none of the addresses cost one search and no memory.
 */
export class CandidateSymbols {
  private readonly addresses: Float64Array;
  private readonly lowest: number;
  private readonly highest: number;
  /** For each address the last start of a symbol between the address before it and itself. */
  private readonly lastStart: Float64Array;
  /** Whether one of the symbols at that start says its size. */
  private readonly lastHasSize: Uint8Array;
  private readonly starts: number[] = [];
  /** 0: up to the next symbol. */
  private readonly sizes: number[] = [];
  private readonly names: number[] = [];
  /** 2 = global, 1 = local, 0 = weak. */
  private readonly binds: number[] = [];

  /** @param addresses ascending */
  constructor(addresses: Float64Array) {
    this.addresses = addresses;
    this.lowest = addresses[0] ?? Number.POSITIVE_INFINITY;
    this.highest = addresses.at(-1) ?? Number.NEGATIVE_INFINITY;
    this.lastStart = new Float64Array(addresses.length).fill(Number.NEGATIVE_INFINITY);
    this.lastHasSize = new Uint8Array(addresses.length);
  }

  /** Whether a symbol that starts here is at or before any of the addresses. */
  mayMatter(start: number): boolean {
    return start <= this.highest;
  }

  /**
   * @param size in bytes; 0 = not known
   * @param name its place in the string table
   * @param bind 2 = global, 1 = local, 0 = weak
   */
  add(start: number, size: number, name: number, bind: number): void {
    if (start > this.highest) return;
    const slot = start <= this.lowest ? 0 : this.firstFrom(start);
    const last = this.lastStart[slot]!;
    if (start > last) {
      this.lastStart[slot] = start;
      this.lastHasSize[slot] = size > 0 ? 1 : 0;
    } else if (start === last && size > 0) this.lastHasSize[slot] = 1;
    if (size > 0 ? start + size > this.addresses[slot]! : start >= last) {
      this.starts.push(start);
      this.sizes.push(size > 0 ? size : 0);
      this.names.push(name);
      this.binds.push(bind);
    }
  }

  /** The name of the best symbol for each address; '' where none holds it. */
  choose(names: SymbolNames): string[] {
    const order = Uint32Array.from(this.starts.keys()).sort(
      (one, other) => this.starts[one]! - this.starts[other]! || this.compare(one, other, names),
    );
    const chosen: string[] = [];
    // Those that began and have not ended; the last that began is on top.
    const open: number[] = [];
    let label = -1;
    let next = 0;
    let last = Number.NEGATIVE_INFINITY;
    let lastHasSize = 0;
    for (let i = 0; i < this.addresses.length; i++) {
      const address = this.addresses[i]!;
      if (this.lastStart[i]! > last) {
        last = this.lastStart[i]!;
        lastHasSize = this.lastHasSize[i]!;
      }
      for (; next < order.length && this.starts[order[next]!]! <= address; next++) {
        const candidate = order[next]!;
        if (this.sizes[candidate]! > 0) open.push(candidate);
        else label = candidate;
      }
      while (open.length > 0 && this.endOf(open.at(-1)!) <= address) open.pop();
      // What has no size reaches up to the next symbol; a label within a function does not take its name away.
      const reaches = label !== -1 && this.starts[label] === last && lastHasSize === 0;
      const found = open.at(-1) ?? (reaches ? label : -1);
      chosen.push(found === -1 ? '' : names.nameOf(this.names[found]!));
    }
    return chosen;
  }

  private endOf(candidate: number): number {
    return this.starts[candidate]! + this.sizes[candidate]!;
  }

  /** perf's choice of two symbols with one start: with a size, not weak, global, by name, the first of the table. */
  private compare(one: number, other: number, names: SymbolNames): number {
    const [size, otherSize] = [this.sizes[one]!, this.sizes[other]!];
    // Symbols without a size reach up to the next, so of several only the last has one.
    if (size === 0 && otherSize === 0) return one - other;
    return (
      Math.sign(size) - Math.sign(otherSize) ||
      this.binds[one]! - this.binds[other]! ||
      compareNames(names.nameOf(this.names[one]!), names.nameOf(this.names[other]!)) ||
      other - one
    );
  }

  /** Index of the first address at or after one. */
  private firstFrom(address: number): number {
    let low = 0;
    let high = this.addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.addresses[middle]! < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Above 0: the first is to be taken. Fewer underscores in front, then longer, then none of the kernel's SyS_ aliases. */
function compareNames(one: string, other: string): number {
  return (
    underscores(other) - underscores(one) ||
    one.length - other.length ||
    Number(other.startsWith('SyS')) - Number(one.startsWith('SyS'))
  );
}

const underscores = (name: string): number => /^_*/.exec(name)![0].length;
