import type { AddressSpace, PerfMapping } from '../perf-data/recording.ts';
import { AddressTable } from './address-table.ts';

/** A piece of code that samples name: an address in a mapped file, in the kernel, or what a compiler made meanwhile. */
export interface Place {
  /** As the sample has it; of the kernel negative: less 2^64. */
  readonly address: number;
  /** Where its symbol is looked up: within the call, not behind it. */
  readonly within: number;
  readonly mapping: PerfMapping | undefined;
  readonly kernel: boolean;
  readonly pid: number;
  /** The number of code that was compiled while the program ran; -1 = it is none. */
  readonly jit: number;
  /** Leaf first; put in when names are known. */
  readonly frames: number[];
}

/** Code that was compiled while the program ran. @returns its number in that process; -1 = unknown */
export type FindJit = (space: AddressSpace, address: number, time: number) => number;

/** In a table of places: code without a file, which the time tells apart. */
const ASK_JIT = 0x7ffffffe;

/** Exact addresses, and those that calls return to. */
type Tables = readonly [exact: AddressTable, callers: AddressTable];

/** Numbers places, each once. */
export class Places {
  readonly list: Place[] = [];
  private readonly number: (frames: number[]) => number;
  private readonly findJit: FindJit;
  private readonly ofKernel = newTables();
  private readonly ofMapping = new Map<PerfMapping, Tables>();
  private readonly unmapped = new Map<number, Tables>();
  /** What was found for each process, as long as its mappings stay what they were. */
  private readonly ofSpace = new Map<number, { readonly space: AddressSpace; readonly tables: Tables }>();
  private latest: { readonly space: AddressSpace; readonly tables: Tables } | undefined;
  private readonly compiled = new Map<number, number[]>();

  /** @param number gives a place its number, from 0 to 2^30 */
  constructor(number: (frames: number[]) => number, findJit: FindJit) {
    this.number = number;
    this.findJit = findJit;
  }

  /** @param caller whether the address is where a call returns to, which may be the next function's first */
  kernelPlace(address: number, caller: boolean): number {
    const table = this.ofKernel[caller ? 1 : 0];
    const known = table.get(address);
    return known >= 0 ? known : this.add(table, address, caller, undefined, true, 0);
  }

  userPlace(space: AddressSpace, address: number, caller: boolean, time: number): number {
    const table = this.tablesOf(space)[caller ? 1 : 0];
    let known = table.get(address);
    if (known < 0) {
      const mapping = space.find(address);
      known =
        mapping === undefined || isAnonymous(mapping.path) ? ASK_JIT : this.filePlace(mapping, address, caller, space);
      table.set(address, known);
    }
    return known === ASK_JIT ? this.jitPlace(space, address, caller, time) : known;
  }

  private tablesOf(space: AddressSpace): Tables {
    if (this.latest?.space === space) return this.latest.tables;
    let found = this.ofSpace.get(space.pid);
    if (found?.space !== space) {
      found = { space, tables: newTables() };
      this.ofSpace.set(space.pid, found);
    }
    this.latest = found;
    return found.tables;
  }

  private filePlace(mapping: PerfMapping, address: number, caller: boolean, { pid }: AddressSpace): number {
    const table = tablesIn(this.ofMapping, mapping)[caller ? 1 : 0];
    const known = table.get(address);
    return known >= 0 ? known : this.add(table, address, caller, mapping, false, pid);
  }

  private jitPlace(space: AddressSpace, address: number, caller: boolean, time: number): number {
    const { pid } = space;
    const jit = this.findJit(space, caller ? address - 1 : address, time);
    if (jit < 0) {
      const table = tablesIn(this.unmapped, pid)[caller ? 1 : 0];
      const known = table.get(address);
      return known >= 0 ? known : this.add(table, address, caller, space.find(address), false, pid);
    }
    let numbers = this.compiled.get(pid);
    if (numbers === undefined) {
      numbers = [];
      this.compiled.set(pid, numbers);
    }
    numbers[jit] ??= this.push({ address, within: address, mapping: undefined, kernel: false, pid, jit, frames: [] });
    return numbers[jit]!;
  }

  private add(
    table: AddressTable,
    address: number,
    caller: boolean,
    mapping: PerfMapping | undefined,
    kernel: boolean,
    pid: number,
  ): number {
    const within = caller ? address - 1 : address;
    const number = this.push({ address, within, mapping, kernel, pid, jit: -1, frames: [] });
    table.set(address, number);
    return number;
  }

  private push(place: Place): number {
    this.list.push(place);
    return this.number(place.frames);
  }
}

function newTables(): Tables {
  return [new AddressTable(), new AddressTable()];
}

function tablesIn<Key>(all: Map<Key, Tables>, key: Key): Tables {
  let found = all.get(key);
  if (found === undefined) {
    found = newTables();
    all.set(key, found);
  }
  return found;
}

/** Memory without a file, where compilers put code. */
export function isAnonymous(path: string): boolean {
  return path === '' || /^(?:\/\/anon|\[anon|\[heap\]|\[stack|\/?memfd:|\/dev\/zero|\/SYSV|\/anon_hugepage)/.test(path);
}
