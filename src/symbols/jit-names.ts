import { firstAbove } from './bisect.ts';
import { RangeIndex } from './jit-index.ts';
import type { JitLines, SourceLine } from './jit-lines.ts';
import type { JitTable } from './jit-table.ts';

/** Names of code that just-in-time compilers made while a program ran. */
export interface JitNames {
  /**
   * The name of the code that was last made, up to that time, where the address is.
   * @param address of an instruction that ran; for a caller, its return address less one
   * @param time nanoseconds of the recording's clock; NaN: at the end
   * @returns undefined: unknown
   */
  find(pid: number, address: number, time: number): string | undefined;
}

/**
 * The code of all processes of a recording. Compilers use memory again for other code, so an address means different
 * functions at different times; where the times are unknown, the last code wins.
 */
export class JitCode implements JitNames {
  private readonly processes = new Map<number, ProcessCode>();
  private latestPid = Number.NaN;
  private latest: ProcessCode | undefined;

  /** Takes the code of one process in place of what was known of it. */
  set(pid: number, table: JitTable, lines?: JitLines): void {
    this.processes.set(pid, new ProcessCode(table, lines));
    this.latestPid = Number.NaN;
  }

  has(pid: number): boolean {
    return this.processes.has(pid);
  }

  find(pid: number, address: number, time: number): string | undefined {
    const index = this.indexOf(pid, address, time);
    return index < 0 ? undefined : this.latest!.table.nameOf(index);
  }

  /**
   * A number for what `find` would say, for those who remember what they made of a name: pieces of code of one process
   * that have one name have different numbers.
   * @returns from 0, or -1: unknown
   */
  indexOf(pid: number, address: number, time: number): number {
    if (pid !== this.latestPid) {
      this.latest = this.processes.get(pid);
      this.latestPid = pid;
    }
    return this.latest === undefined ? -1 : this.latest.find(address, time);
  }

  /** Whether it is known of some code of a process that it was not there before. */
  isDated(pid: number): boolean {
    const table = this.processes.get(pid)?.table;
    return table !== undefined && table.count > 0 && table.dates[table.count - 1]! > 0;
  }

  /** The name behind a number of `indexOf`. */
  nameOf(pid: number, index: number): string {
    return this.processes.get(pid)!.table.nameOf(index);
  }

  /** The line of the source at an address that `indexOf` has found, where the compiler told it. */
  lineOf(pid: number, index: number, address: number): SourceLine | undefined {
    const { table, lines } = this.processes.get(pid)!;
    return lines?.find(index, address - table.starts[index]!);
  }
}

/** An index over the pieces from `from` up to `to`. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly ranges: RangeIndex;
}

class ProcessCode {
  readonly table: JitTable;
  readonly lines: JitLines | undefined;
  /**
   * Made at the first question: most processes are never asked about. A table that grows gets more of them, each at most
   * half as long as the one before it, so that all in all little is indexed twice.
   */
  private readonly parts: Part[] = [];
  private dates: Float64Array = new Float64Array();
  private askedTime = Number.NaN;
  private askedBefore = 0;

  constructor(table: JitTable, lines: JitLines | undefined) {
    this.table = table;
    this.lines = lines;
  }

  find(address: number, time: number): number {
    const { table } = this;
    if (this.dates.length !== table.count) this.grow();
    if (Number.isNaN(time)) return this.findBefore(address, table.count);
    // The frames of one sample have one time
    if (time !== this.askedTime) {
      this.askedTime = time;
      this.askedBefore = firstAbove(this.dates, time);
    }
    return this.findBefore(address, this.askedBefore);
  }

  private findBefore(address: number, before: number): number {
    for (let i = this.parts.length - 1; i >= 0; i--) {
      const { from, to, ranges } = this.parts[i]!;
      if (from >= before) continue;
      const found = ranges.find(address, Math.min(before, to) - from);
      if (found >= 0) return from + found;
    }
    return -1;
  }

  private grow(): void {
    const { table, parts } = this;
    const to = table.count;
    let from = this.dates.length;
    for (let last = parts.at(-1); last !== undefined && 2 * (to - from) > last.to - last.from; last = parts.at(-1)) {
      from = last.from;
      parts.pop();
    }
    const ranges = new RangeIndex(table.starts.subarray(from, to), table.ends.subarray(from, to), to - from);
    parts.push({ from, to, ranges });
    this.dates = table.dates.subarray(0, to);
    this.askedTime = Number.NaN;
  }
}
