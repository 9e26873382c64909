import { closeSync, existsSync } from 'node:fs';
import { JitCode } from '../../symbols/jit-names.ts';
import { openSidecar, Sidecar } from '../../symbols/perf-map.ts';
import { openRegular } from '../../symbols/perf-map-file.ts';
import type { Notes } from '../format.ts';
import type { AddressSpace } from '../perf-data/recording.ts';
import { jitDumpOf, type ProcessJit, strayLines } from './recorded-jit.ts';

/**
 * Names of just-in-time code out of what our collector dates, while it does so: as {@link RecordedJit} will find them, or
 * `failed`.
 */
export class GrowingJit implements ProcessJit {
  /** What was found is not what will be found in the end. */
  failed = false;
  private readonly code = new JitCode();
  private readonly path: string;
  /** Processes without names so far: the latest time that one was asked for. */
  private readonly unknown = new Map<number, number>();
  private sidecar: Sidecar | undefined;

  /** @param recording what is being written */
  constructor(recording: string) {
    this.path = `${recording}.jit`;
  }

  /** Takes what was dated since the last call. To be called before samples of that time are added, and at the end. */
  update(): void {
    if (this.failed) return;
    const owners = [process.geteuid?.() ?? 0];
    if (this.sidecar === undefined) {
      const sidecar = openSidecar(this.path, owners);
      if (sidecar instanceof Sidecar) this.sidecar = sidecar;
      else this.failed = sidecar !== undefined;
    } else {
      const opened = openRegular(this.path, owners);
      this.failed = opened === undefined || 'why' in opened || !this.sidecar.more(opened.file);
      if (opened !== undefined && 'file' in opened) closeSync(opened.file);
    }
    for (const [pid, table] of this.sidecar?.tables ?? []) {
      if (this.code.has(pid)) continue;
      this.code.set(pid, table);
      // What ran before was added without
      if (table.dates[0]! <= (this.unknown.get(pid) ?? Number.NEGATIVE_INFINITY)) this.failed = true;
      this.unknown.delete(pid);
    }
  }

  /** All samples were added: whether all is as it will be found, which is said. */
  finish(notes: Notes): boolean {
    // Maps that nobody dated are read in the end
    if ([...this.unknown.keys()].some((pid) => existsSync(`/tmp/perf-${pid}.map`))) this.failed = true;
    const others = this.sidecar?.others ?? 0;
    if (others > 0 && !this.failed) notes.add(strayLines(this.path, others));
    return !this.failed;
  }

  find(space: AddressSpace, address: number, time: number): number {
    const { pid } = space;
    if (this.code.has(pid)) return this.code.indexOf(pid, address, time);
    const latest = this.unknown.get(pid);
    if (latest === undefined && jitDumpOf(space) !== undefined) this.failed = true;
    if (latest === undefined || latest < time) this.unknown.set(pid, time);
    return -1;
  }

  /** Of whom nothing is dated yet, something may be later. */
  isDated(): boolean {
    return true;
  }

  nameOf(pid: number, index: number): string {
    return this.code.nameOf(pid, index);
  }
}
