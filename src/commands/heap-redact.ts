import { type Stats, statSync } from 'node:fs';
import { EXIT, UserError } from '../errors.ts';
import { Notes } from '../formats/format.ts';
import { readHeapSnapshot } from '../formats/heapsnapshot/read-snapshot.ts';
import { redactedFile } from '../heap/redacted-file.ts';
import { type Redaction, redaction } from '../heap/redaction.ts';
import { openOutput } from '../output.ts';
import { formatValue } from '../profile/units.ts';
import type { World } from '../world.ts';
import type { Call } from './command.ts';
import { guarded } from './guarded.ts';
import type { HeapCommandOptions } from './heap-options.ts';
import { openSnapshot } from './heap-snapshot-file.ts';

/** Snapshots are for their user alone. */
const PRIVATE = 0o600;

/** Writes a snapshot without what its strings hold. */
export async function redactSnapshot(call: Call, path: string, { output }: HeapCommandOptions): Promise<number> {
  if (output === undefined || output === '-') {
    throw new UserError('--redact writes a snapshot', { hint: 'give -o a file name: -o redacted.heapsnapshot' });
  }
  openOutput(output, call.world, PRIVATE);
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
 * @throws {UserError} it cannot be read twice, is no snapshot or broken, or cannot be written
 */
export async function redactFile(path: string, target: string, world: World, key?: Uint8Array): Promise<number> {
  const before = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) throw readOnce(path);
  const input = await openSnapshot(path, world);
  if (before === undefined) throw readOnce(input.name);
  const graph = await readHeapSnapshot(input, new Notes());
  const redact = redaction(graph, key);
  let strings = 0;
  const counted: Redaction = (index, text) => {
    strings++;
    return redact(index, text);
  };
  const again = await openSnapshot(path, world);
  const bytes = await openOutput(target, world, PRIVATE).write(redactedFile(again.chunks(), counted));
  if (!isSame(before, statSync(path)) || strings === 0) {
    throw new UserError(`${path} changed while it was read`, { hint: `remove ${target}, and do it again` });
  }
  return bytes;
}

function isSame(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino;
}

function readOnce(name: string): UserError {
  return new UserError(`${name} must be read twice to be redacted`, { hint: 'give a file, no pipe' });
}
