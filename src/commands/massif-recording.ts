import { collectMassif, type MassifOptions } from '../collectors/massif.ts';
import { collectRss } from '../collectors/rss.ts';
import { openInput } from '../formats/input.ts';
import { readMassif } from '../formats/massif/read-massif.ts';
import { openOutput } from '../output.ts';
import { landmarks, totalAt } from '../profile/heap-history.ts';
import type { Progress } from '../terminal/progress.ts';
import type { Call } from './command.ts';
import { type KeptRecording, keepRecordings } from './kept-recordings.ts';
import { collectUntil, workloadOf } from './load-options.ts';
import { loadNote } from './loaded-part.ts';
import type { MassifCommandOptions } from './massif-options.ts';

/**
 * Records a program and keeps what massif left.
 * @throws {UserError} as {@link collectMassif}
 */
export async function recordMassif(
  call: Call,
  program: readonly string[],
  options: MassifCommandOptions,
  progress: Progress,
): Promise<KeptRecording> {
  const first = options.massifOutFile;
  // Before anything is recorded: whether it can be kept
  openOutput(first, call.world);
  const workload = await workloadOf(options, program, progress);
  const collecting = {
    ...collectUntil(options, workload),
    say: progress.say,
    progress: (elapsed: number, detail: string) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  };
  const artefact = options.rss
    ? await collectRss(program, collecting)
    : await collectMassif(program, options as MassifOptions, collecting);
  progress.end();
  if (workload?.result !== undefined) progress.say(`note: ${loadNote(workload.result)}`);
  return keepRecordings(
    artefact,
    {
      path: first,
      all: options.traceChildren === true,
      largest: 'heap',
      measure: async (file) => {
        const { history } = await readMassif(await openInput(file), {});
        return { bytes: totalAt(history.snapshots, landmarks(history).maximum), command: history.command };
      },
    },
    call.world,
    progress,
  );
}
