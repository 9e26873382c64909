import { EXIT, UserError } from '../errors.ts';
import { WRITABLE_FORMATS } from '../formats/writable.ts';
import { type Output, openOutput } from '../output.ts';
import type { Profile } from '../profile/profile.ts';
import { sampleCount } from '../profile/sample-count.ts';
import { renderers } from '../render/registry.ts';
import type { Progress } from '../terminal/progress.ts';
import { mayBeTerminal, type World } from '../world.ts';
import type { Call, Command } from './command.ts';
import { directFlame } from './flame/direct.ts';
import { findInferno } from './flame/inferno-drawing.ts';
import { configureFlame, type FlameOptions } from './flame/options.ts';
import { checkPicture } from './flame/picture-files.ts';
import { guarded } from './guarded.ts';
import { checkHeap, HEAP_TITLE, isHeap } from './heap/tools.ts';
import { withAdvice } from './inputs/advice.ts';
import { chooseEvent, readChoices } from './inputs/collapse-options.ts';
import { select } from './inputs/filter-options.ts';
import { allInputs } from './inputs/inputs-from.ts';
import { asWritten } from './inputs/originals.ts';
import { readInputs } from './inputs/read-inputs.ts';
import { checkWorkload, workloadOf } from './load/options.ts';
import { showFile } from './opening.ts';
import { pictureFormatOf } from './options/result-format.ts';
import { collectOptions, subjectOf } from './record/options.ts';
import { type Recording, record } from './record/recording.ts';
import { wrote } from './wrote.ts';

export const flame: Command = {
  configure: configureFlame,

  async run(call, words, rawOptions) {
    const options = rawOptions as unknown as FlameOptions;
    const inputs = await allInputs(words, options, call.world);
    const recording = checkUsage(call, inputs, options);
    checkPicture(options, call.world);
    const sink = chooseSink(call, options, recording);
    const said = new Set<string>();
    return guarded(call, async (progress) => {
      const direct = recording ? undefined : await directFlame(call, inputs, options, sink?.format);
      if (direct !== undefined) {
        await sink!.output.write(direct.chunks);
        await direct.done();
        if (options.open) await showFile(sink!.output.name, call, progress.say);
        return EXIT.ok;
      }
      const result: Recording = recording
        ? await recordOne(call, options, sink!, progress, said)
        : {
            profile: await readInputs(inputs, options, call.world),
            exitCode: EXIT.ok,
            ending: undefined,
          };
      // --pid is what to record, no filter.
      const { pid: _recorded, ...filters } = options;
      const chosen = select(chooseEvent(result.profile, options), filters);
      const profile = withAdvice(isHeap(options) ? await heapOf(chosen, sink?.format) : chosen);
      const titled = isHeap(options) && options.title === undefined ? { ...options, title: HEAP_TITLE } : options;
      const lost = sink === undefined ? [] : await write(sink, call.world, profile, titled, progress, result.ending);
      await result.disposed;
      const { summarize } = await import('./flame/drawing.ts');
      const notes = [...profile.meta.notes, ...lost];
      summarize(
        call,
        { ...profile, meta: { ...profile.meta, notes } },
        sink?.format === 'text' && sink.output.isStdout,
        said,
      );
      if (options.open && sink !== undefined) await showFile(sink.output.name, call, progress.say);
      return result.exitCode;
    });
  },
};

/** @returns true when something is to be recorded, false when files are to be read */
function checkUsage(call: Call, inputs: readonly string[], options: FlameOptions): boolean {
  const { program } = call;
  if (isHeap(options)) checkHeap(options);
  const sources = [program !== undefined, options.pid !== undefined, inputs.length > 0].filter(Boolean).length;
  checkWorkload(options, program);
  if (program?.length === 0) throw new UserError('no program follows --', { hint: 'pforge-prof flame -- node app.js' });
  if (sources === 1 && options.compat !== undefined && inputs.length === 0) {
    throw new UserError('--compat is for recordings that are there already', { hint: 'record first, then read it' });
  }
  const { wall, event } = options;
  if (wall && event !== undefined && !/^(?:cpu|task)-clock\b/.test(event)) {
    throw new UserError(`--wall adds up nanoseconds, and ${event} is not measured in them`, {
      hint: 'leave --event out, or give -e cpu-clock',
    });
  }
  if (sources === 1) return inputs.length === 0;
  if (sources === 0) {
    throw new UserError('nothing to draw', {
      hint: 'give a program after --, a recording, or --pid; see pforge-prof flame --help',
    });
  }
  throw new UserError('give only one of: a program after --, --pid, input files');
}

interface Sink {
  readonly output: Output;
  readonly format: string;
}

function chooseSink(call: Call, options: FlameOptions, recording: boolean): Sink | undefined {
  const { world, shared } = call;
  if (options.output === undefined && shared.json && !recording && !options.open) return undefined;
  const format = options.format ?? pictureFormatOf(options.output, [...renderers, ...WRITABLE_FORMATS]);
  if (options.renderer !== undefined) {
    if (format !== 'svg') throw new UserError(`--renderer ${options.renderer} draws SVG, not ${format}`);
    // Before anything is recorded for a tool that is not there.
    findInferno();
  }
  // With a program, standard output is the program's: the picture goes to a file.
  const named = recording || options.open || (format === 'svg' && mayBeTerminal(world, 'stdout') && world.stdout.isTTY);
  const path = options.output ?? (named ? defaultName(format) : '-');
  if (path === '-' && options.open) {
    throw new UserError('--open needs a file', { hint: 'give -o a file name' });
  }
  if (path === '-' && shared.json) {
    throw new UserError('--json and -o - both want standard output', { hint: 'give -o a file name' });
  }
  return { output: openOutput(path, world), format };
}

async function heapOf(profile: Profile, format: string | undefined): Promise<Profile> {
  const { checkMemory, drawnHeap } = await import('./heap/flame.ts');
  checkMemory(profile);
  return drawnHeap(profile, format);
}

function defaultName(format: string): string {
  if (format === 'svg') return 'flamegraph.svg';
  if (format === 'text') return '-';
  const extension = [...renderers, ...WRITABLE_FORMATS].find(({ id }) => id === format)?.extension ?? format;
  return `flamegraph.${extension}`;
}

async function recordOne(
  call: Call,
  options: FlameOptions,
  { format }: Sink,
  progress: Progress,
  said: Set<string>,
): Promise<Recording> {
  const workload = await workloadOf(options, call.program, progress);
  const collecting = collectOptions(options, progress, said, workload);
  if (isHeap(options)) {
    const { recordHeap } = await import('./heap/flame.ts');
    return recordHeap(call.program!, options, collecting.say, progress, workload);
  }
  const recording = await record(
    options.collector,
    subjectOf(call, options),
    collecting,
    readChoices(options).choices,
    async (profile) => {
      const { drawFlame } = await import('./flame/drawing.ts');
      const { renderer: _notNow, ...drawing } = options;
      return (await drawFlame(format, withAdvice(await asWritten(profile, options)), drawing, call.world)).chunks;
    },
    workload,
  );
  progress.end();
  return { ...recording, profile: await asWritten(recording.profile, options) };
}

/** @returns what the result's format had no place for */
async function write(
  { output, format }: Sink,
  world: World,
  profile: Profile,
  options: FlameOptions,
  progress: Progress,
  ending: string | undefined,
): Promise<readonly string[]> {
  const { drawFlame } = await import('./flame/drawing.ts');
  const { chunks, notes, done } = await drawFlame(format, profile, options, world);
  const size = await output.write(chunks);
  await done();
  performance.mark('pforge-prof:written');
  const suffix = ending === undefined ? '' : `; ${ending}`;
  if (!output.isStdout) {
    progress.say(`${wrote(output, size, sampleCount(profile))}${suffix}`);
  }
  return notes;
}
