import { EXIT, UserError } from '../errors.ts';
import { attachInspector } from '../inspector/attach.ts';
import { takeHeapSnapshot } from '../inspector/heap-snapshot.ts';
import type { InspectorSession } from '../inspector/session.ts';
import { openOutput } from '../output.ts';
import { availableMemory } from '../processes/available-memory.ts';
import { formatValue } from '../profile/units.ts';
import type { Progress } from '../terminal/progress.ts';
import type { Call } from './command.ts';
import { guarded } from './guarded.ts';
import type { HeapCommandOptions } from './heap-options.ts';

/** What V8 needs while it writes a snapshot, as a multiple of the used heap (measured: 9.6 to 11). */
const SNAPSHOT_FACTOR = 10;

/** Takes heap snapshots and keeps them. @returns the exit code */
export async function takeSnapshots(call: Call, options: HeapCommandOptions): Promise<number> {
  const path = options.output ?? 'heap.heapsnapshot';
  // Before anything is touched: whether it can be kept
  openOutput(path, call.world);
  return guarded(call, async (progress) => {
    const session = await attachInspector(options.pid!);
    try {
      await checkMemory(session, options.force === true, progress);
      const bytes = await takeHeapSnapshot(session, path, ({ done, total, bytes }) => {
        progress.show(bytes > 0 ? `written: ${formatValue(bytes, 'bytes')}` : `objects: ${done} of ${total}`);
      });
      progress.end();
      progress.say(`kept ${path} (${formatValue(bytes, 'bytes')})`);
    } finally {
      await session.close();
    }
    return EXIT.ok;
  });
}

/**
 * A process that dies of its snapshot is worse than none.
 * @throws {UserError} 125: the memory will not suffice
 */
export async function checkMemory(session: InspectorSession, force: boolean, progress: Progress): Promise<void> {
  const { usedSize } = await session.send<{ usedSize: number }>('Runtime.getHeapUsage');
  const needed = usedSize * SNAPSHOT_FACTOR;
  const available = availableMemory(session.pid);
  const size = (bytes: number): string => formatValue(bytes, 'bytes');
  const words = `a snapshot of ${size(usedSize)} of heap needs about ${size(needed)} of memory, and the process stands still`;
  if (needed > available && !force) {
    throw new UserError(`${words}: only ${size(available)} are left`, {
      hint: '--force takes it all the same; heap --live samples, and needs next to nothing',
      exitCode: EXIT.cannotCollect,
    });
  }
  progress.say(`${words}; ${size(available)} are left`);
}
