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

/** Code that was compiled while the program ran. */
export interface JitFinder {
  /** @returns its number in that process; -1 = unknown */
  find(space: AddressSpace, address: number, time: number): number;
  /** Whether the code at an address changes with the time; known once something was looked for. */
  isDated(space: AddressSpace): boolean;
}

/** In a table of places: code without a file, which the time tells apart. */
const ASK_JIT = 0x7ffffffe;

/** Exact addresses, and those that calls return to. */
type Tables = readonly [exact: AddressTable, callers: AddressTable];

/** What was found in one state of a process's memory. */
interface SpaceTables {
  readonly space: AddressSpace;
  readonly tables: Tables;
  /** From 1. */
  readonly number: number;
}

/** Numbers places, each once. */
export class Places {
  readonly list: Place[] = [];
  /** Whether the last place is that of its address at all times. */
  lasting = true;
  private readonly number: (frames: number[]) => number;
  private readonly jit: JitFinder;
  private readonly ofKernel = newTables();
  private readonly ofMapping = new Map<PerfMapping, Tables>();
  private readonly unmapped = new Map<number, Tables>();
  /** What was found for each process, as long as its mappings stay what they were. */
  private readonly ofSpace = new Map<number, SpaceTables>();
  private latest: SpaceTables | undefined;
  private spaces = 0;
  private readonly compiled = new Map<number, number[]>();

  /** @param number gives a place its number, from 0 to 2^30 */
  constructor(number: (frames: number[]) => number, jit: JitFinder) {
    this.number = number;
    this.jit = jit;
  }

  /** @param caller whether the address is where a call returns to, which may be the next function's first */
  kernelPlace(address: number, caller: boolean): number {
    const table = this.ofKernel[caller ? 1 : 0];
    const known = table.get(address);
    this.lasting = true;
    return known >= 0 ? known : this.add(table, address, caller, undefined, true, 0);
  }

  userPlace(space: AddressSpace, address: number, caller: boolean, time: number): number {
    const table = this.tablesOf(space).tables[caller ? 1 : 0];
    const known = table.get(address);
    this.lasting = known !== ASK_JIT;
    if (known >= 0) return known === ASK_JIT ? this.jitPlace(space, address, caller, time) : known;
    const mapping = space.find(address);
    const isJit = mapping === undefined || isAnonymous(mapping.path);
    const place = isJit ? this.jitPlace(space, address, caller, time) : this.filePlace(mapping, address, caller, space);
    this.lasting = !isJit || !this.jit.isDated(space);
    table.set(address, this.lasting ? place : ASK_JIT);
    return place;
  }

  /** A number of this state of a process's memory: from 1. */
  spaceNumber(space: AddressSpace): number {
    return this.tablesOf(space).number;
  }

  private tablesOf(space: AddressSpace): SpaceTables {
    if (this.latest?.space === space) return this.latest;
    let found = this.ofSpace.get(space.pid);
    if (found?.space !== space) {
      found = { space, tables: newTables(), number: ++this.spaces };
      this.ofSpace.set(space.pid, found);
    }
    this.latest = found;
    return found;
  }

  private filePlace(mapping: PerfMapping, address: number, caller: boolean, { pid }: AddressSpace): number {
    const table = tablesIn(this.ofMapping, mapping)[caller ? 1 : 0];
    const known = table.get(address);
    return known >= 0 ? known : this.add(table, address, caller, mapping, false, pid);
  }

  private jitPlace(space: AddressSpace, address: number, caller: boolean, time: number): number {
    const { pid } = space;
    const jit = this.jit.find(space, caller ? address - 1 : address, time);
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
