import { InvalidArgumentError } from 'commander';
import { UserError } from '../../errors.ts';
import type { FlameOptions } from '../flame/options.ts';

/** What records the heap of a native program. */
export const HEAP_TOOLS = ['massif', 'heaptrack', 'jemalloc'] as const;
export type HeapTool = (typeof HEAP_TOOLS)[number];

/** What a graph of the heap is called where nobody says. */
export const HEAP_TITLE = 'Heap by who allocated it';

/** Which snapshot of a recording a person means: its number, or the peak. */
export function snapshotChoice(text: string): number | 'peak' {
  if (text === 'peak') return 'peak';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a snapshot, or peak.');
}

/** Whether a graph of the heap is asked for: by `--heap`, or by a recorder that sees nothing else. */
export function isHeap({ heap, collector }: FlameOptions): boolean {
  return heap === true || isHeapTool(collector);
}

export function isHeapTool(collector: string): collector is HeapTool {
  return (HEAP_TOOLS as readonly string[]).includes(collector);
}

/** @throws {UserError} options that concern time on the CPU */
export function checkHeap(options: FlameOptions): void {
  const { collector, pid, event, callGraph, offCpu, wall } = options;
  if (collector !== 'auto' && !isHeapTool(collector)) {
    throw new UserError(`--heap and --collector ${collector} contradict each other`, {
      hint: `the heap is recorded by ${HEAP_TOOLS.join(', ')}`,
    });
  }
  if (pid !== undefined) {
    throw new UserError('the heap of a process that runs already cannot be recorded', {
      hint: 'start the program: pforge-prof flame --heap -- ./app',
    });
  }
  const foreign = event ? '--event' : callGraph ? '--call-graph' : offCpu ? '--off-cpu' : wall ? '--wall' : undefined;
  if (foreign !== undefined) throw new UserError(`--heap and ${foreign} contradict each other`);
}
