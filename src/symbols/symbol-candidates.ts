import { firstFrom } from './bisect.ts';

/** Takes the symbols of a table, in any order. */
export interface SymbolSink {
  /**
   * For each page of 4 kB from the first on, counted from it, the next that has an address that is asked for, itself
   * included. A symbol that begins behind the last page, or ends before the next, does not matter.
   */
  readonly nextPage: Int32Array;
  readonly firstPage: number;
  /**
   * @param size in bytes; 0 = not known
   * @param name its place in the string table
   * @param bind 2 = global, 1 = local, 0 = weak
   */
  add(start: number, size: number, name: number, bind: number): void;
}

const PAGE = 4096;

/** How far apart addresses may be that are looked up together: 4 GB, which no program fills. */
export const MAX_SPAN = 2 ** 32;

/**
 * The few symbols of a table that hold one of the addresses that are asked for. The many that do not are told by a look
 * into a table of pages.
 */
export class SizedSymbols implements SymbolSink {
  /** Whether there are symbols that do not say their size. */
  hasUnsized = false;
  readonly nextPage: Int32Array;
  readonly firstPage: number;
  private readonly addresses: Float64Array;
  private readonly starts: number[] = [];
  private readonly sizes: number[] = [];
  private readonly names: number[] = [];
  private readonly binds: number[] = [];

  /** @param addresses ascending, at least one, not farther apart than {@link MAX_SPAN} */
  constructor(addresses: Float64Array) {
    this.addresses = addresses;
    this.firstPage = Math.floor(addresses[0]! / PAGE);
    this.nextPage = pageTable(addresses);
  }

  add(start: number, size: number, name: number, bind: number): void {
    if (size === 0) this.hasUnsized = true;
    const first = this.addresses[firstFrom(this.addresses, start)];
    if (first === undefined || !(first < start + size)) return;
    this.starts.push(start);
    this.sizes.push(size);
    this.names.push(name);
    this.binds.push(bind);
  }

  /** The name of the symbol that holds each address; the last that begins, of several at one start perf's choice. */
  choose(nameOf: (at: number) => string): string[] {
    const order = Uint32Array.from(this.starts.keys()).sort(
      (one, other) => this.starts[one]! - this.starts[other]! || this.compare(one, other, nameOf),
    );
    const chosen: string[] = [];
    // Those that began and have not ended; the last that began is on top.
    const open: number[] = [];
    let next = 0;
    for (const address of this.addresses) {
      for (; next < order.length && this.starts[order[next]!]! <= address; next++) open.push(order[next]!);
      while (open.length > 0 && this.starts[open.at(-1)!]! + this.sizes[open.at(-1)!]! <= address) open.pop();
      chosen.push(open.length === 0 ? '' : nameOf(this.names[open.at(-1)!]!));
    }
    return chosen;
  }

  /** Above 0: `one` is to be taken. perf's choose_best_symbol: not weak, global, by name, the first of the table. */
  private compare(one: number, other: number, nameOf: (at: number) => string): number {
    return (
      this.binds[one]! - this.binds[other]! ||
      compareNames(nameOf(this.names[one]!), nameOf(this.names[other]!)) ||
      other - one
    );
  }
}

/** What does not say its size reaches up to the next symbol. For addresses that no symbol with a size holds. */
export class UnsizedSymbols implements SymbolSink {
  readonly nextPage: Int32Array;
  readonly firstPage: number;
  private readonly addresses: Float64Array;
  /** For each address the last start of a symbol between the address before it and itself. */
  private readonly lastStart: Float64Array;
  /** The name of the symbol there; -1 when it says its size, and so does not reach the address. */
  private readonly lastName: Float64Array;

  /** @param addresses ascending, at least one, not farther apart than {@link MAX_SPAN} */
  constructor(addresses: Float64Array) {
    this.addresses = addresses;
    this.firstPage = Math.floor(addresses[0]! / PAGE);
    // What ends before an address says where the one before it ends: all matter but those behind the last.
    this.nextPage = new Int32Array(pageTable(addresses).length).fill(-(2 ** 31));
    this.lastStart = new Float64Array(addresses.length).fill(Number.NEGATIVE_INFINITY);
    this.lastName = new Float64Array(addresses.length).fill(-1);
  }

  add(start: number, size: number, name: number): void {
    const slot = firstFrom(this.addresses, start);
    const last = this.lastStart[slot];
    if (last === undefined || start < last) return;
    // Of several without a size the last reaches on; perf prefers one that says its size.
    if (start > last || size > 0 || this.lastName[slot] !== -1) this.lastName[slot] = size > 0 ? -1 : name;
    this.lastStart[slot] = start;
  }

  choose(nameOf: (at: number) => string): string[] {
    let last = -1;
    return Array.from(this.addresses, (_, i) => {
      if (this.lastStart[i] !== Number.NEGATIVE_INFINITY) last = this.lastName[i]!;
      return last === -1 ? '' : nameOf(last);
    });
  }
}

function pageTable(addresses: Float64Array): Int32Array {
  const pageOf = (i: number): number => Math.floor(addresses[i]! / PAGE) - Math.floor(addresses[0]! / PAGE);
  const pages = pageOf(addresses.length - 1) + 1;
  const next = new Int32Array(pages);
  let page = pages - 1;
  for (let i = addresses.length - 1; i > 0; i--) {
    for (; page > pageOf(i - 1); page--) next[page] = pageOf(i);
  }
  return next;
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
