import { type Stats, statSync } from 'node:fs';
import { EXIT, UserError } from '../../errors.ts';
import { Notes } from '../../formats/format.ts';
import { readHeapSnapshot } from '../../formats/heapsnapshot/read-snapshot.ts';
import type { HeapGraph } from '../../heap/graph.ts';
import { redactedFile } from '../../heap/redacted-file.ts';
import { redaction } from '../../heap/redaction.ts';
import { openOutput } from '../../output.ts';
import { formatValue } from '../../profile/units.ts';
import type { World } from '../../world.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import type { HeapCommandOptions } from './options.ts';
import { openSnapshot } from './snapshot-file.ts';

/** Snapshots are for their user alone. */
const PRIVATE = 0o600;

/** Writes a snapshot without what its strings hold. */
export async function redactSnapshot(call: Call, path: string, { output }: HeapCommandOptions): Promise<number> {
  if (output === undefined || output === '-') {
    throw new UserError('--redact writes a snapshot', { hint: 'give -o a file name: -o redacted.heapsnapshot' });
  }
  openOutput(output, call.world, { mode: PRIVATE });
  return guarded(call, async (progress) => {
    progress.show(`reading ${path}`);
    const bytes = await redactFile(path, output, call.world);
    progress.end();
    progress.say(`wrote ${output} (${formatValue(bytes, 'bytes')})`);
    return EXIT.ok;
  });
}

/**
 * Redacts a file, which is read twice: only the whole graph tells names of the program from what it works with.
 * @param key of the hashes; default: a random one
 * @returns bytes written
 * @throws {UserError} it cannot be read twice, is no snapshot or broken, changes meanwhile, or cannot be written; then
 *   nothing is
 */
export async function redactFile(path: string, target: string, world: World, key?: Uint8Array): Promise<number> {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) throw readOnce(path);
  const graph = await readHeapSnapshot(await openSnapshot(path, world), new Notes());
  const again = await openSnapshot(path, world);
  const output = openOutput(target, world, { mode: PRIVATE });
  return output.write(redactedAsRead(redactedFile(again.chunks(), redaction(graph, key)), graph));

  /** What was read first decides about what is written: they must be the same, else nothing may be written. */
  async function* redactedAsRead(
    chunks: AsyncGenerator<Uint8Array, number>,
    { strings }: HeapGraph,
  ): AsyncGenerator<Uint8Array> {
    const count = yield* chunks;
    if (count === strings.fileCount && isSame(before, statSync(path, { throwIfNoEntry: false }))) return;
    throw new UserError(`${path} changed while it was read`, { hint: 'nothing is written; do it again' });
  }
}

function isSame(a: Stats | undefined, b: Stats | undefined): boolean {
  return a?.size === b?.size && a?.mtimeMs === b?.mtimeMs && a?.ino === b?.ino;
}

/** What can be read but once cannot be redacted. */
export function readOnce(name: string): UserError {
  return new UserError(`${name} must be read twice to be redacted`, { hint: 'give a file, no pipe' });
}
