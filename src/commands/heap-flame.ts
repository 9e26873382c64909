import type { Artefact } from '../collectors/collector.ts';
import { collectHeaptrack, detectHeaptrack } from '../collectors/heaptrack.ts';
import { collectJemalloc } from '../collectors/jemalloc.ts';
import { collectMassif } from '../collectors/massif.ts';
import { UserError } from '../errors.ts';
import { readProfile } from '../formats/registry.ts';
import type { Workload } from '../load/workload.ts';
import { programKind, resolveProgram } from '../processes/executables.ts';
import { callersByFunction } from '../profile/callers-by-function.ts';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { renderers } from '../render/registry.ts';
import type { Progress } from '../terminal/progress.ts';
import type { FlameOptions } from './flame-options.ts';
import { type HeapTool, isHeapTool } from './heap-tools.ts';
import { collectUntil } from './load-options.ts';
import { loadExitCode, loadNote } from './loaded-part.ts';
import { endOf, type Recording } from './recording.ts';

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
    const profile = largest(parts);
    const notes = [...artefact.notes, ...profile.meta.notes];
    if (parts.length > 1) notes.push(`of ${parts.length} looks at the heap, the one where it is largest`);
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
  const slower = tool === 'heaptrack' ? 'two to three times' : kind === 'native' ? 'some six times' : 'many times';
  say(`recording with ${tool}: the program runs ${slower} slower`);
  return tool;
}

async function collected(
  tool: HeapTool,
  program: readonly string[],
  options: Parameters<typeof collectHeaptrack>[1],
): Promise<Artefact> {
  if (tool === 'heaptrack') return collectHeaptrack(program, options);
  if (tool === 'massif') return collectMassif(program, {}, options);
  const run = await collectJemalloc(program, options);
  // The last one knows all stacks: what it needs to be named is known to the others then
  return { ...run, files: [...run.files].reverse() };
}

function largest(profiles: readonly Profile[]): Profile {
  const weight = (profile: Profile): number => {
    let sum = 0;
    for (const value of profile.samples.values[defaultValueIndex(profile)]!) sum += value;
    return sum;
  };
  return profiles.reduce((most, one) => (weight(one) > weight(most) ? one : most));
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
