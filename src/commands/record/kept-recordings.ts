import type { Artefact } from '../../collectors/collector.ts';
import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { World } from '../../world.ts';
import { keepFile, numbered } from './keep-file.ts';
import { type End, endOf } from './recording.ts';

/** A recording of a heap that was kept. */
export interface KeptRecording extends End {
  /** The file that is looked at: the largest, where programs that the program started were recorded too. */
  readonly path: string;
  readonly notes: readonly string[];
}

/** How large what a recording tells of is. */
interface Measured {
  readonly bytes: number;
  readonly command: string;
}

export interface KeepOptions {
  /** Where the one that is looked at goes; others are numbered. */
  readonly path: string;
  /** A script starts many programs: their recordings are kept where that was asked for. */
  readonly all: boolean;
  /** What is largest, in words: `heap`. */
  readonly largest: string;
  /** Reads a recording. @throws {UserError} it is broken */
  measure(file: string): Promise<Measured>;
}

/**
 * Keeps what a tool of valgrind left of a program and of those that it started.
 * @throws {UserError} none of it can be read
 */
export async function keepRecordings(
  artefact: Artefact,
  options: KeepOptions,
  world: World,
  progress: Progress,
): Promise<KeptRecording> {
  try {
    const found: (Measured & { readonly file: string })[] = [];
    const notes = [...artefact.notes];
    for (const file of artefact.files) {
      try {
        found.push({ file, ...(await options.measure(file)) });
      } catch (error) {
        // A program that was killed while valgrind wrote: the others are good
        if (!(error instanceof UserError)) throw error;
        notes.push(`the recording of one program is broken and left out: ${error.message}`);
      }
    }
    if (found.length === 0) {
      throw new UserError(`${artefact.collector} left no recording that can be read`, {
        hint: notes.at(-1) ?? 'run it again',
        exitCode: EXIT.cannotCollect,
      });
    }
    const largest = found.reduce((most, one) => (one.bytes > most.bytes ? one : most));
    const rest = options.all ? found.filter((one) => one !== largest) : [];
    const kept: string[] = [];
    let bytes = 0;
    for (const [i, { file }] of [largest, ...rest].entries()) {
      // It holds the program's arguments, which may be secret
      const how = { recorded: true, mode: 0o600 };
      const output = openOutput(i === 0 ? options.path : numbered(options.path, i + 1), world, how);
      bytes += await keepFile(file, output);
      kept.push(output.name);
    }
    const end = endOf(artefact);
    const suffix = end.ending === undefined ? '' : `; ${end.ending}`;
    progress.say(`kept ${kept.join(' ')} (${Math.ceil(bytes / 1024)} KiB)${suffix}`);
    if (found.length > 1) {
      notes.push(`of ${found.length} programs that were recorded, the largest ${options.largest}: ${largest.command}`);
    }
    return { ...end, path: options.path, notes };
  } finally {
    await artefact.dispose();
  }
}
