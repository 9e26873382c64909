import { randomBytes } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { segmentOwner } from '../../collectors/v8-segments.ts';
import { collectSnapshots } from '../../collectors/v8-snapshots.ts';
import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { World } from '../../world.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { endOf } from '../record/recording.ts';
import type { HeapCommandOptions } from './options.ts';
import { redactFile } from './redact.ts';
import { SnapshotShelf } from './shelf.ts';
import { snapshotProcess } from './snapshot-process.ts';
import type { HeapViewOptions } from './view-options.ts';

/** Takes heap snapshots of a program or a process and keeps them. @returns the exit code */
export async function takeSnapshots(call: Call, options: HeapCommandOptions & HeapViewOptions): Promise<number> {
  const path = options.output ?? 'heap.heapsnapshot';
  // Before anything is touched: whether it can be kept
  openOutput(path, call.world);
  return guarded(call, async (progress) => {
    const shelf = new SnapshotShelf(path, progress);
    const exitCode =
      options.pid === undefined
        ? await snapshotProgram(call.program!, options, shelf, progress)
        : await snapshotProcess(options.pid, options, shelf, progress);
    if (options.redact) await redactKept(shelf, call.world, progress);
    if (call.shared.json)
      call.world.stdout.write(`${JSON.stringify({ version: 1, snapshots: shelf.kept }, null, 2)}\n`);
    return exitCode;
  });
}

/** What was written by V8 is there for as long as it takes to read it, for its user alone. */
async function redactKept({ kept }: SnapshotShelf, world: World, progress: Progress): Promise<void> {
  // One key: equal texts have equal hashes in all of them
  const key = randomBytes(32);
  for (const { file } of kept) {
    progress.show(`redacting ${file}`);
    await redactFile(file, file, world, key);
  }
  progress.end();
  progress.say('redacted: lengths and hashes stand in the place of what strings hold');
}

async function snapshotProgram(
  program: readonly string[],
  options: HeapCommandOptions,
  shelf: SnapshotShelf,
  progress: Progress,
): Promise<number> {
  const { snapshot, snapshotEvery, snapshotNearLimit, signal, all = false, force = false, duration } = options;
  progress.say('a snapshot needs about 10 times the used heap in memory, and the program stands still meanwhile');
  const times = {
    atEnd: snapshot === true,
    ...(snapshotEvery === undefined ? {} : { everyMs: snapshotEvery * 1e3 }),
    ...(snapshotNearLimit === undefined ? {} : { nearLimit: snapshotNearLimit === true ? 1 : snapshotNearLimit }),
    ...(signal === undefined ? {} : { signal }),
    workers: all,
    force,
  };
  const artefact = await collectSnapshots(program, times, {
    ...(duration === undefined ? {} : { durationSeconds: duration }),
    beside: dirname(resolve(shelf.path)),
    say: progress.say,
    running: (pid) => {
      if (signal !== undefined) progress.say(`kill -${signal.slice(3)} ${pid} takes a snapshot`);
    },
    progress: (elapsed, detail) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  });
  progress.end();
  try {
    const left = shelf.keepAll(
      artefact.files.map((file) => ({ file, ...segmentOwner(file) })),
      all,
    );
    if (shelf.kept.length === 0) throw nothingTaken(artefact.notes);
    const { exitCode, ending } = endOf(artefact);
    const notes = [
      ...artefact.notes,
      ...(left > 0 ? [`${left} of other processes ${left === 1 ? 'is' : 'are'} left out: --all keeps them`] : []),
      ...(ending === undefined ? [] : [ending]),
    ];
    for (const note of notes) progress.say(`note: ${note}`);
    return exitCode;
  } finally {
    await artefact.dispose();
  }
}

function nothingTaken(notes: readonly string[]): UserError {
  return new UserError('no snapshot was taken', {
    hint: notes.at(-1) ?? 'run it longer, or ask for one at the end: --snapshot',
    exitCode: EXIT.cannotCollect,
  });
}
