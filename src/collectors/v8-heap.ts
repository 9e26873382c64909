import type { FunctionSampling } from '../preload/settings.ts';
import type { Artefact, Subject } from './collector.ts';
import { type AttachedOptions, attachV8 } from './v8-attach.ts';
import { recordV8Program } from './v8-program.ts';

/** Which allocations are sampled. */
export type AllocationSampling = Omit<Extract<FunctionSampling, { what: 'allocations' }>, 'what'>;

/**
 * V8's sampling heap profiler: in every node process that a program is or starts, or in a running process.
 * @throws {UserError} as {@link recordV8Program} and {@link attachV8}
 */
export async function collectAllocations(
  subject: Subject,
  how: AllocationSampling,
  options: AttachedOptions,
): Promise<Artefact> {
  const sampling: FunctionSampling = { what: 'allocations', ...how };
  const run =
    'pid' in subject
      ? await attachV8(subject.pid, sampling, options)
      : await recordV8Program(subject.program, sampling, options);
  return { ...run, collector: 'v8-heap', format: 'heapprofile' };
}
