import { statSync } from 'node:fs';
import { JitCode } from '../../symbols/jit-names.ts';
import { openJitDump } from '../../symbols/jitdump.ts';
import { openPerfMap, openSidecar } from '../../symbols/perf-map.ts';
import type { Notes } from '../format.ts';
import type { AddressSpace, PerfMapping } from '../perf-data/recording.ts';
import type { JitFinder } from './places.ts';

/** Names of code that was compiled while a program ran. */
export interface ProcessJit extends JitFinder {
  nameOf(pid: number, index: number): string;
}

/** Names of just-in-time code: as our collector dated them, as the compiler dumped them, as its map has them in the end. */
export class RecordedJit implements ProcessJit {
  private readonly code = new JitCode();
  private readonly asked = new Set<number>();
  private readonly notes: Notes;
  private readonly owners: readonly number[];

  /** @param path of the recording, where it is a file */
  constructor(path: string | undefined, notes: Notes) {
    this.notes = notes;
    this.owners = ownersOf(path);
    const dated = path === undefined ? undefined : openSidecar(`${path}.jit`, this.owners);
    if (dated === undefined) return;
    if ('tables' in dated) {
      for (const [pid, table] of dated.tables) {
        this.code.set(pid, table);
        this.asked.add(pid);
      }
      if (dated.others > 0) notes.add(strayLines(`${path}.jit`, dated.others));
    } else notes.add(`names of compiled code are not read from ${path}.jit: ${dated.why}`);
  }

  find(space: AddressSpace, address: number, time: number): number {
    const { pid } = space;
    if (!this.asked.has(pid)) {
      this.asked.add(pid);
      this.open(space);
    }
    return this.code.indexOf(pid, address, time);
  }

  isDated({ pid }: AddressSpace): boolean {
    return this.code.isDated(pid);
  }

  nameOf(pid: number, index: number): string {
    return this.code.nameOf(pid, index);
  }

  private open(space: AddressSpace): void {
    const { pid } = space;
    const dump = jitDumpOf(space);
    if (dump !== undefined) {
      const read = openJitDump(dump.path, this.owners);
      if (read !== undefined && 'table' in read) {
        this.code.set(pid, read.table, read.lines);
        return;
      }
      if (read !== undefined) this.notes.add(`names of compiled code are not read from ${dump.path}: ${read.why}`);
    }
    for (const owner of this.owners) {
      const map = openPerfMap(pid, { owner });
      if (map === undefined) return;
      if (!('why' in map)) {
        this.code.set(pid, map);
        return;
      }
      if (owner === this.owners.at(-1)) {
        this.notes.add(`names of compiled code are not read from /tmp/perf-${pid}.map: ${map.why}`);
      }
    }
  }
}

export function strayLines(path: string, count: number): string {
  return `lines of ${path} that are no names of code: ${count}`;
}

/** A compiler maps its dump so that perf writes down where it is. */
export function jitDumpOf({ mappings }: AddressSpace): PerfMapping | undefined {
  return mappings.find(({ path }) => /\/jit-\d+\.dump$/.test(path));
}

/** Whose files are believed: ours, those of who recorded, root's. */
function ownersOf(path: string | undefined): number[] {
  const owners = new Set([process.geteuid?.() ?? 0, 0]);
  try {
    if (path !== undefined) owners.add(statSync(path).uid);
  } catch {
    // It was there a moment ago; what is wrong is said where it is read.
  }
  return [...owners];
}
