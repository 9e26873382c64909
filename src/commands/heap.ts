import { EXIT, UserError } from '../errors.ts';
import type { Input } from '../formats/format.ts';
import { type Output, openOutput } from '../output.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { readAllocations, recordAllocations } from './heap/allocations.ts';
import { diffSnapshots } from './heap/diff.ts';
import { drawAllocations } from './heap/drawing.ts';
import { huntLeaks } from './heap/leak.ts';
import { checkLeakOptions, type HeapLeakOptions } from './heap/leak-options.ts';
import {
  configureHeap,
  HEAP_FORMATS,
  type HeapCommandOptions,
  RECORDING_OPTIONS,
  SNAPSHOT_OPTIONS,
} from './heap/options.ts';
import { takeSnapshots } from './heap/snapshots.ts';
import { checkNoViews } from './heap/view-options.ts';
import { viewInput } from './heap/views.ts';
import { formatOfName } from './options/result-format.ts';
import { checkTracked } from './track/option.ts';

/** The heap of node programs: who allocates, and what is there. */
export const heap: Command = {
  configure: configureHeap,

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as HeapLeakOptions;
    checkTracked(options, trackedNothing(inputs, options));
    if (inputs[0] === 'diff') return diffSnapshots(call, inputs.slice(1), options);
    if (inputs[0] === 'leak') return huntLeaks(call, inputs.slice(1), options);
    checkLeakOptions(options);
    const recording = checkUsage(call, inputs, options);
    if (asksForSnapshots(options) || !recording) checkNoLoad(options);
    let opened: Input | undefined;
    if (recording) checkNoViews(options, asksForSnapshots(options));
    else {
      const viewed = await viewInput(call, inputs, options);
      if (viewed.exitCode !== undefined) return viewed.exitCode;
      opened = viewed.opened;
    }
    if (asksForSnapshots(options)) return takeSnapshots(call, options);
    const { format, output } = chooseSink(call, options, recording);
    return guarded(call, async (progress) => {
      const found = recording
        ? await recordAllocations(call, options, progress)
        : { profile: await readAllocations(call, inputs, options, opened), exitCode: EXIT.ok, ending: undefined };
      await drawAllocations(call, found, { format, output, options, recorded: recording }, progress);
      return found.exitCode;
    });
  },
};

/** What is asked for that is no single result. */
function trackedNothing([first]: readonly string[], options: HeapCommandOptions): string | undefined {
  if (first === 'diff' || first === 'leak') return `heap ${first}`;
  return asksForSnapshots(options) ? 'taking snapshots' : undefined;
}

/** @returns true when something is to be recorded, false when files are to be read */
function checkUsage({ program, shared }: Call, inputs: readonly string[], options: HeapCommandOptions): boolean {
  if (program?.length === 0) throw new UserError('no program follows --', { hint: 'pforge-prof heap -- node app.js' });
  const sources = [program !== undefined, options.pid !== undefined, inputs.length > 0].filter(Boolean).length;
  if (sources === 0) {
    throw new UserError('nothing to read', {
      hint: 'give a program after --, --pid, or a heap profile; see pforge-prof heap --help',
    });
  }
  if (sources > 1) throw new UserError('give only one of: a program after --, --pid, files');
  const asked = [...RECORDING_OPTIONS, ...SNAPSHOT_OPTIONS].filter((name) => options[name] !== undefined);
  if (inputs.length > 0 && asked.length > 0) {
    throw new UserError(`${spelled(asked[0]!)} is for recording: give a program after --, or --pid`);
  }
  if (asksForSnapshots(options)) checkSnapshots(options);
  else {
    if (options.force) throw new UserError('--force goes with --snapshot');
    if (options.all && options.pid === undefined) {
      throw new UserError('--all goes with --pid or --snapshot', { hint: 'of a program all processes are recorded' });
    }
  }
  if (options.output === '-' && shared.json) {
    throw new UserError('--json and -o - both want standard output', { hint: 'give -o a file name' });
  }
  return inputs.length === 0;
}

/** @throws {UserError} a load where nothing is sampled */
function checkNoLoad({ load }: HeapLeakOptions): void {
  if (load === undefined) return;
  throw new UserError('--load is for sampling a program, and for heap leak', {
    hint: 'pforge-prof heap --load URL -- node server.js',
  });
}

function asksForSnapshots(options: HeapCommandOptions): boolean {
  return SNAPSHOT_OPTIONS.some((name) => options[name] !== undefined);
}

function checkSnapshots(options: HeapCommandOptions): void {
  if (options.live) {
    throw new UserError('give only one of: --live, --snapshot', { hint: 'a snapshot holds nothing but what is alive' });
  }
  if (options.format !== undefined) {
    throw new UserError(`a snapshot cannot be written as ${options.format}`, { hint: 'leave --format out' });
  }
  const picture = formatOfName(options.output, HEAP_FORMATS);
  if (picture !== undefined) {
    throw new UserError(`a snapshot is written as .heapsnapshot, not as ${options.output}`, {
      hint: `pforge-prof heap heap.heapsnapshot -o ${options.output} shows it afterwards`,
    });
  }
  if (options.pid !== undefined && options.snapshotEvery === undefined && options.duration !== undefined) {
    throw new UserError('--duration goes with --snapshot-every', {
      hint: 'one snapshot of a process is taken at once',
    });
  }
  if (options.output === '-') throw new UserError('a snapshot is kept in a file', { hint: 'give -o a file name' });
  const atStart = options.signal !== undefined ? '--signal' : '--snapshot-near-limit';
  if (options.pid !== undefined && (options.signal !== undefined || options.snapshotNearLimit !== undefined)) {
    throw new UserError(`${atStart} is for programs that are started: give one after --`, {
      hint: 'a running process gives one at once: --snapshot',
    });
  }
}

/** `snapshotEvery` -> `--snapshot-every` */
function spelled(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

interface Sink {
  readonly format: string;
  /** Undefined where nothing but JSON on standard output is wanted. */
  readonly output: Output | undefined;
}

function chooseSink(call: Call, { format, output }: HeapCommandOptions, recording: boolean): Sink {
  const { world, shared } = call;
  if (shared.json && output === undefined && format === undefined) return { format: 'json', output: undefined };
  const chosen = format ?? formatOfName(output, HEAP_FORMATS) ?? (recording ? 'svg' : 'text');
  const extension = HEAP_FORMATS.find(({ id }) => id === chosen)?.extension ?? chosen;
  // With a program, standard output is the program's
  const named = chosen !== 'text' && (recording || shared.json || (world.stdout.isTTY === true && chosen === 'svg'));
  return { format: chosen, output: openOutput(output ?? (named ? `heap.${extension}` : '-'), world) };
}
