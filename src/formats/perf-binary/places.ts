import type { AddressSpace, PerfMapping } from '../perf-data/recording.ts';
import { AddressTable } from './address-table.ts';

/** A piece of code that samples name: an address in a mapped file, in the kernel, or what a compiler wrote meanwhile. */
export interface Place {
  /** As the sample has it; of the kernel negative: less 2^64. */
  readonly address: number;
  /** Where its symbol is looked up: within the call, not behind it. */
  readonly within: number;
  readonly mapping: PerfMapping | undefined;
  readonly kernel: boolean;
  readonly pid: number;
  /** The name of code that was compiled while the program ran. */
  readonly jit: string | undefined;
  /** Leaf first; put in when names are known. */
  readonly frames: number[];
}

/** The name of compiled code at an address and a time; undefined = unknown. */
export type JitLookup = (pid: number, address: number, time: number) => string | undefined;

/** Numbers places, each once. */
export class Places {
  readonly list: Place[] = [];
  private readonly number: (frames: number[]) => number;
  private readonly jit: JitLookup;
  private readonly kernelExact = new AddressTable();
  private readonly kernelCallers = new AddressTable();
  private readonly ofMapping = new Map<PerfMapping, [exact: AddressTable, callers: AddressTable]>();
  private readonly unmapped = new Map<number, [exact: AddressTable, callers: AddressTable]>();
  private readonly compiled = new Map<number, Map<string, number>>();

  /** @param number gives a place its number */
  constructor(number: (frames: number[]) => number, jit: JitLookup) {
    this.number = number;
    this.jit = jit;
  }

  /** @param caller whether the address is where a call returns to, which may be the next function's first */
  kernelPlace(address: number, caller: boolean): number {
    const table = caller ? this.kernelCallers : this.kernelExact;
    const known = table.get(address);
    return known >= 0 ? known : this.add(table, address, caller, undefined, true, 0);
  }

  userPlace(space: AddressSpace, address: number, caller: boolean, time: number): number {
    const mapping = space.find(address);
    if (mapping === undefined || isAnonymous(mapping.path)) {
      const name = this.jit(space.pid, caller ? address - 1 : address, time);
      if (name !== undefined) return this.compiledPlace(space.pid, address, name, mapping);
    }
    const tables = mapping === undefined ? tablesOf(this.unmapped, space.pid) : tablesOf(this.ofMapping, mapping);
    const table = tables[caller ? 1 : 0];
    const known = table.get(address);
    return known >= 0 ? known : this.add(table, address, caller, mapping, false, space.pid);
  }

  private compiledPlace(pid: number, address: number, name: string, mapping: PerfMapping | undefined): number {
    let names = this.compiled.get(pid);
    if (names === undefined) {
      names = new Map();
      this.compiled.set(pid, names);
    }
    let number = names.get(name);
    if (number === undefined) {
      number = this.push({ address, within: address, mapping, kernel: false, pid, jit: name, frames: [] });
      names.set(name, number);
    }
    return number;
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
    const number = this.push({ address, within, mapping, kernel, pid, jit: undefined, frames: [] });
    table.set(address, number);
    return number;
  }

  private push(place: Place): number {
    this.list.push(place);
    return this.number(place.frames);
  }
}

function tablesOf<Key>(tables: Map<Key, [AddressTable, AddressTable]>, key: Key): [AddressTable, AddressTable] {
  let found = tables.get(key);
  if (found === undefined) {
    found = [new AddressTable(), new AddressTable()];
    tables.set(key, found);
  }
  return found;
}

/** Memory without a file, where compilers put code. */
export function isAnonymous(path: string): boolean {
  return path === '' || /^(?:\/\/anon|\[anon|\[heap\]|\[stack|\/?memfd:|\/dev\/zero|\/SYSV|\/anon_hugepage)/.test(path);
}
