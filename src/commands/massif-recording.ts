import { collectMassif, type MassifOptions } from '../collectors/massif.ts';
import { collectRss } from '../collectors/rss.ts';
import { EXIT, UserError } from '../errors.ts';
import { openInput } from '../formats/input.ts';
import { readMassif } from '../formats/massif/read-massif.ts';
import { openOutput } from '../output.ts';
import { landmarks, totalAt } from '../profile/heap-history.ts';
import type { Progress } from '../terminal/progress.ts';
import type { Call } from './command.ts';
import { keepFile, numbered } from './keep-file.ts';
import type { MassifCommandOptions } from './massif-options.ts';
import { type End, endOf } from './recording.ts';

/** A recording that was kept. */
export interface KeptMassif extends End {
  /** The file that is looked at: the one with the largest heap, where programs that the program started were recorded too. */
  readonly path: string;
  readonly notes: readonly string[];
}

/**
 * Records a program and keeps what massif left.
 * @throws {UserError} as {@link collectMassif}
 */
export async function recordMassif(
  call: Call,
  program: readonly string[],
  options: MassifCommandOptions,
  progress: Progress,
): Promise<KeptMassif> {
  const first = options.massifOutFile;
  // Before anything is recorded: whether it can be kept
  openOutput(first, call.world);
  const { duration } = options;
  const collecting = {
    ...(duration === undefined ? {} : { durationSeconds: duration }),
    say: progress.say,
    progress: (elapsed: number, detail: string) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  };
  const artefact = options.rss
    ? await collectRss(program, collecting)
    : await collectMassif(program, options as MassifOptions, collecting);
  progress.end();
  try {
    const found: { file: string; most: number; command: string }[] = [];
    const notes = [...artefact.notes];
    for (const file of artefact.files) {
      try {
        const { history } = await readMassif(await openInput(file), {});
        const most = totalAt(history.snapshots, landmarks(history).maximum);
        found.push({ file, most, command: history.command });
      } catch (error) {
        // A program that was killed while valgrind wrote: the others are good
        if (!(error instanceof UserError)) throw error;
        notes.push(`the recording of one program is broken and left out: ${error.message}`);
      }
    }
    if (found.length === 0) {
      throw new UserError('massif left no recording that can be read', {
        hint: notes.at(-1) ?? 'run it again',
        exitCode: EXIT.cannotCollect,
      });
    }
    const largest = found.reduce((most, one) => (one.most > most.most ? one : most));
    // A script starts many programs: all are kept where that was asked for
    const rest = options.traceChildren === true ? found.filter((one) => one !== largest) : [];
    const kept: string[] = [];
    let bytes = 0;
    for (const [i, { file }] of [largest, ...rest].entries()) {
      const output = openOutput(i === 0 ? first : numbered(first, i + 1), call.world);
      bytes += await keepFile(file, output);
      kept.push(output.name);
    }
    const end = endOf(artefact);
    const suffix = end.ending === undefined ? '' : `; ${end.ending}`;
    progress.say(`kept ${kept.join(' ')} (${Math.ceil(bytes / 1024)} KiB)${suffix}`);
    const which =
      found.length === 1
        ? []
        : [`of ${found.length} programs that were recorded, the largest heap: ${largest.command}`];
    return { ...end, path: first, notes: [...notes, ...which] };
  } finally {
    await artefact.dispose();
  }
}
