import type { SnapshotTimes } from '../preload/settings.ts';
import type { Artefact } from './collector.ts';
import { recordV8Program, type V8Options } from './v8-program.ts';

export type { SnapshotTimes };

/**
 * Runs a program and has every node process that it is or starts write its heap whole when it is wanted.
 * @throws {UserError} as {@link recordV8Program}
 */
export async function collectSnapshots(
  program: readonly string[],
  times: SnapshotTimes,
  options: V8Options,
): Promise<Artefact> {
  const run = await recordV8Program(program, { what: 'snapshots', ...times }, options);
  return { ...run, collector: 'v8-snapshots', format: 'heapsnapshot' };
}
