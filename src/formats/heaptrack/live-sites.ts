import { Float64Column, Int32Column } from '../../profile/columns.ts';
import type { HeaptrackSites } from './recording.ts';

/** What each site has in use, and what it had when the heap was largest. */
export class LiveSites {
  /** Bytes in use now, and the most that ever were. */
  heap = 0;
  peak = 0;
  private readonly trace = new Int32Column();
  private readonly allocatedBytes = new Float64Column();
  private readonly allocations = new Float64Column();
  private readonly temporary = new Float64Column();
  private readonly bytes = new Float64Column();
  private readonly blocks = new Float64Column();
  private readonly peakBytes = new Float64Column();
  private readonly peakBlocks = new Float64Column();
  /** Sites that changed since the heap was largest: only they need be looked at when it grows further. */
  private readonly isChanged = new Float64Column();
  private changed: number[] = [];

  get length(): number {
    return this.trace.length;
  }

  site(trace: number): number {
    this.trace.push(trace);
    const columns = [this.allocatedBytes, this.allocations, this.temporary, this.bytes, this.blocks];
    for (const column of [...columns, this.peakBytes, this.peakBlocks, this.isChanged]) column.push(0);
    return this.trace.length - 1;
  }

  /** @returns whether the heap is larger than ever */
  allocate(site: number, size: number): boolean {
    this.allocatedBytes.add(site, size);
    this.allocations.add(site, 1);
    this.change(site, size, 1);
    if (this.heap <= this.peak) return false;
    this.peak = this.heap;
    for (const one of this.changed) {
      this.peakBytes.add(one, this.bytes.at(one) - this.peakBytes.at(one));
      this.peakBlocks.add(one, this.blocks.at(one) - this.peakBlocks.at(one));
      this.isChanged.add(one, -1);
    }
    this.changed = [];
    return true;
  }

  /** @returns false where the site has no such block in use: nothing is freed then */
  free(site: number, size: number, temporary: boolean): boolean {
    if (this.blocks.at(site) < 1 || this.bytes.at(site) < size) return false;
    if (temporary) this.temporary.add(site, 1);
    this.change(site, -size, -1);
    return true;
  }

  /** Of each site. */
  bytesNow(): Float64Array {
    return this.bytes.toArray().slice();
  }

  columns(): HeaptrackSites {
    return {
      length: this.length,
      trace: this.trace.toArray(),
      allocatedBytes: this.allocatedBytes.toArray(),
      allocations: this.allocations.toArray(),
      temporary: this.temporary.toArray(),
      peakBytes: this.peakBytes.toArray(),
      peakBlocks: this.peakBlocks.toArray(),
      leakedBytes: this.bytes.toArray(),
      leakedBlocks: this.blocks.toArray(),
    };
  }

  private change(site: number, bytes: number, blocks: number): void {
    this.heap += bytes;
    this.bytes.add(site, bytes);
    this.blocks.add(site, blocks);
    if (this.isChanged.at(site) !== 0) return;
    this.isChanged.add(site, 1);
    this.changed.push(site);
  }
}
