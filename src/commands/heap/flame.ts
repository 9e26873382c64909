import type { Artefact } from '../../collectors/collector.ts';
import { collectHeaptrack, detectHeaptrack } from '../../collectors/heaptrack.ts';
import { collectJemalloc, type JemallocRun, limitsOf } from '../../collectors/jemalloc.ts';
import { collectMassif } from '../../collectors/massif.ts';
import { UserError } from '../../errors.ts';
import { readProfile } from '../../formats/registry.ts';
import type { Workload } from '../../load/workload.ts';
import { programKind, resolveProgram } from '../../processes/executables.ts';
import { callersByFunction } from '../../profile/callers-by-function.ts';
import type { Profile } from '../../profile/profile.ts';
import { totalWeight } from '../../profile/total.ts';
import { renderers } from '../../render/registry.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { FlameOptions } from '../flame/options.ts';
import { collectUntil } from '../load/options.ts';
import { loadExitCode, loadNote } from '../record/loaded-part.ts';
import { endOf, type Recording } from '../record/recording.ts';
import { type HeapTool, isHeapTool } from './tools.ts';

/**
 * Records what a program allocates, for a graph of its peak: heaptrack where it is installed and sees the program, else
 * massif, unless a person chooses. Of jemalloc it is the largest of its looks at the heap.
 * @throws {UserError} as the collectors
 */
export async function recordHeap(
  program: readonly string[],
  { collector, duration }: FlameOptions,
  say: (line: string) => void,
  progress: Progress,
  workload?: Workload,
): Promise<Recording> {
  const tool = isHeapTool(collector) ? collector : toolFor(program, say);
  const options = {
    ...collectUntil(duration === undefined ? {} : { duration }, workload),
    say,
    progress: (elapsed: number, detail: string) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  };
  const artefact = await collected(tool, program, options);
  progress.end();
  try {
    const parts: Profile[] = [];
    for (const file of artefact.files)
      parts.push(await readProfile(file, { inputFormat: artefact.format, allowEmpty: true }));
    const at = largest(parts);
    const profile = parts[at]!;
    const limits = 'dumps' in artefact ? jemallocLimits(artefact, artefact.files[at]!) : [];
    const notes = [...artefact.notes, ...limits, ...profile.meta.notes];
    if (parts.length > 1)
      notes.push(
        `of ${parts.length} ${tool === 'jemalloc' ? 'looks at the heap' : 'programs that were recorded'}, the one with the largest heap`,
      );
    if (workload?.result !== undefined) notes.unshift(loadNote(workload.result));
    const { exitCode, ending } = endOf(artefact);
    return {
      profile: { ...profile, meta: { ...profile.meta, command: program, notes } },
      exitCode: exitCode || loadExitCode(workload, say),
      ending,
    };
  } finally {
    await artefact.dispose();
  }
}

function toolFor(program: readonly string[], say: (line: string) => void): HeapTool {
  const kind = programKind(resolveProgram(program[0] ?? ''));
  const tool = kind !== 'script' && detectHeaptrack().ok ? 'heaptrack' : 'massif';
  const slower =
    tool === 'heaptrack'
      ? 'two to three times'
      : kind === 'native' || kind === 'script'
        ? 'some six times'
        : 'many times';
  say(`recording with ${tool}: the program runs ${slower} slower`);
  return tool;
}

async function collected(
  tool: HeapTool,
  program: readonly string[],
  options: Parameters<typeof collectHeaptrack>[1],
): Promise<Artefact | JemallocRun> {
  if (tool === 'heaptrack') return collectHeaptrack(program, options);
  if (tool === 'massif') return collectMassif(program, {}, options);
  const run = await collectJemalloc(program, options);
  // The last one knows all stacks: what it needs to be named is known to the others then
  return { ...run, files: [...run.files].reverse() };
}

/** Of the process whose dump is drawn. */
function jemallocLimits({ dumps }: JemallocRun, file: string): string[] {
  const { pid } = dumps.find((dump) => dump.file === file)!;
  return limitsOf(dumps.filter((dump) => dump.pid === pid));
}

/** Which one holds the most. */
function largest(profiles: readonly Profile[]): number {
  const weights = profiles.map((profile) => totalWeight(profile));
  return weights.indexOf(Math.max(...weights));
}

/**
 * As pictures of the heap show it: a caller is one frame, whatever the lines of its calls. Files keep them.
 * @param format what it will be written as
 */
export function drawnHeap(profile: Profile, format: string | undefined): Profile {
  return renderers.some(({ id }) => id === format) ? callersByFunction(profile) : profile;
}

/** @throws {UserError} what was read tells of no memory */
export function checkMemory({ valueTypes, meta }: Profile): void {
  if (valueTypes.some(({ unit }) => unit === 'bytes')) return;
  throw new UserError(`there is no memory in a recording of ${valueTypes.map(({ type }) => type).join(', ')}`, {
    hint: `it is read as ${meta.format ?? 'it is'}: leave --heap out`,
  });
}
