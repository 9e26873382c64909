import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { getHeapStatistics, setHeapSnapshotNearHeapLimit, writeHeapSnapshot } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { currentTid, type ThreadSampler } from './segment-writer.ts';
import { NO_MEMORY, type Occasion, type Settings, type SnapshotTimes } from './settings.ts';

/** What V8 needs while it writes a snapshot, as a multiple of the used heap (measured: 9.6 to 11). */
const SNAPSHOT_FACTOR = 10;

/** Writes the heap of this thread whole, as `PID-TID-SEQ.heapsnapshot`, on the occasions that are wanted. */
export function startThreadSnapshots(settings: Settings, times: SnapshotTimes): ThreadSampler {
  const path = `${settings.dir}/${process.pid}-${currentTid()}-`;
  let sequence = 0;
  let running = isMainThread || times.workers;
  // V8 names and writes these itself, into the folder that NODE_OPTIONS names
  if (running && times.nearLimit !== undefined) setHeapSnapshotNearHeapLimit(times.nearLimit);

  function isWanted(occasion: Occasion): boolean {
    if (occasion === 'interval') return times.everyMs !== undefined;
    return occasion === 'last' ? times.atEnd : occasion === 'asked';
  }

  return {
    checkpoint(occasion) {
      if (!running || !isWanted(occasion)) return -1;
      // Exits by several ways at once, and V8 that interrupts itself
      if (occasion === 'last') running = false;
      const file = `${path}${sequence++}.heapsnapshot`;
      try {
        if (!times.force && getHeapStatistics().used_heap_size * SNAPSHOT_FACTOR > availableMemory()) {
          writeFileSync(`${path}${NO_MEMORY}.lost`, '', { mode: 0o600 });
        } else {
          writeHeapSnapshot(`${file}.tmp`);
          renameSync(`${file}.tmp`, file);
        }
      } catch (error) {
        lose(`${file}.tmp`, `${path}${(error as NodeJS.ErrnoException).code ?? 'failed'}.lost`);
      }
      return -1;
    },
    stop() {
      running = false;
    },
  };
}

function availableMemory(): number {
  // Since node 20.13; it knows the limits of containers
  const { availableMemory: available } = process as { availableMemory?: () => number };
  return available?.call(process) ?? freemem();
}

function lose(half: string, mark: string): void {
  try {
    unlinkSync(half);
    writeFileSync(mark, '', { mode: 0o600 });
  } catch {
    // The folder is gone, and the collector with it
  }
}
