import { collectMassif, type MassifOptions } from '../collectors/massif.ts';
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
  const artefact = await collectMassif(program, options as MassifOptions, {
    ...(duration === undefined ? {} : { durationSeconds: duration }),
    say: progress.say,
    progress: (elapsed, detail) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  });
  progress.end();
  try {
    const found: { file: string; most: number; command: string }[] = [];
    for (const file of artefact.files) {
      const { history } = await readMassif(await openInput(file), {});
      const most = totalAt(history.snapshots, landmarks(history).maximum);
      found.push({ file, most, command: history.command });
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
    return { ...end, path: first, notes: [...artefact.notes, ...which] };
  } finally {
    await artefact.dispose();
  }
}
