import type { Artefact, CollectOptions } from '../../collectors/collector.ts';
import { collectHeaptrack } from '../../collectors/heaptrack.ts';
import { collectJemalloc } from '../../collectors/jemalloc.ts';
import { collectMassif, type MassifOptions } from '../../collectors/massif.ts';
import { collectRss } from '../../collectors/rss.ts';
import { openInput } from '../../formats/input.ts';
import { readHeap } from '../../formats/massif/heap-recording.ts';
import { formatById } from '../../formats/registry.ts';
import { openOutput } from '../../output.ts';
import type { AllocationCalls } from '../../profile/call-sites.ts';
import { landmarks, totalAt } from '../../profile/heap-history.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { Call } from '../command.ts';
import { collectUntil, workloadOf } from '../load/options.ts';
import { type KeptRecording, keepRecordings } from '../record/kept-recordings.ts';
import { loadExitCode, loadNote } from '../record/loaded-part.ts';
import { keepJemalloc } from './jemalloc-recording.ts';
import type { MassifCommandOptions } from './options.ts';

/** What a recording is called where nobody says. */
const KEPT_AS = { massif: 'massif.out', heaptrack: 'heaptrack.zst', jemalloc: 'jemalloc.out' } as const;

type Kept = KeptRecording & { readonly calls?: AllocationCalls };

/**
 * Records a program and keeps what massif left.
 * @throws {UserError} as {@link collectMassif}
 */
export async function recordMassif(
  call: Call,
  program: readonly string[],
  options: MassifCommandOptions,
  progress: Progress,
): Promise<Kept> {
  const first = options.massifOutFile ?? KEPT_AS[options.tool ?? 'massif'];
  // Before anything is recorded: whether it can be kept
  openOutput(first, call.world, { option: '--massif-out-file' });
  const workload = await workloadOf(options, program, progress);
  const collecting = {
    ...collectUntil(options, workload),
    say: progress.say,
    progress: (elapsed: number, detail: string) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  };
  const recorded = (): void => {
    progress.end();
    if (workload?.result !== undefined) progress.say(`note: ${loadNote(workload.result)}`);
  };
  let kept: Kept;
  if (options.tool === 'jemalloc') {
    const run = await collectJemalloc(program, collecting);
    recorded();
    kept = await keepJemalloc(run, program, first, call.world, progress);
  } else {
    const artefact = await collectWith(program, options, collecting);
    recorded();
    kept = await keepArtefact(call, artefact, first, options, progress);
  }
  return { ...kept, exitCode: kept.exitCode || loadExitCode(workload, progress.say) };
}

function keepArtefact(
  { world }: Call,
  artefact: Artefact,
  path: string,
  { traceChildren }: MassifCommandOptions,
  progress: Progress,
): Promise<KeptRecording> {
  return keepRecordings(
    artefact,
    {
      path,
      all: traceChildren === true,
      largest: 'heap',
      measure: async (file) => {
        const {
          file: { history },
        } = (await readHeap(formatById(artefact.format), await openInput(file), {}))!;
        return { bytes: totalAt(history.snapshots, landmarks(history).maximum), command: history.command };
      },
    },
    world,
    progress,
  );
}

function collectWith(
  program: readonly string[],
  options: MassifCommandOptions,
  collecting: Pick<CollectOptions, 'durationSeconds' | 'say' | 'progress'>,
): Promise<Artefact> {
  if (options.rss) return collectRss(program, collecting);
  if (options.tool === 'heaptrack') return collectHeaptrack(program, collecting);
  return collectMassif(program, options as MassifOptions, collecting);
}
