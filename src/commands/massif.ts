import { EXIT, UserError } from '../errors.ts';
import { HEAP_FORMATS } from '../formats/massif/heap-recording.ts';
import { formatById, readProfile } from '../formats/registry.ts';
import { WRITABLE_FORMATS } from '../formats/writable.ts';
import { openOutput } from '../output.ts';
import { plural } from '../plural.ts';
import type { AllocationCalls } from '../profile/call-sites.ts';
import { renderers } from '../render/registry.ts';
import { reportJson } from '../render/report-json.ts';
import type { Progress } from '../terminal/progress.ts';
import { tuneEngine } from '../tune-engine.ts';
import type { Call, Command } from './command.ts';
import { drawFlame } from './flame/drawing.ts';
import { type FlameOptions, flameDefaults } from './flame/options.ts';
import { guarded } from './guarded.ts';
import { drawnHeap } from './heap/flame.ts';
import { HEAP_TITLE } from './heap/tools.ts';
import { standardInput } from './inputs/read-inputs.ts';
import { checkWorkload } from './load/options.ts';
import { diffMassif } from './massif/diff.ts';
import {
  configureMassif,
  type MassifCommandOptions,
  OF_ALL_RECORDERS,
  RECORDING_OPTIONS,
  VIEW_FORMATS,
} from './massif/options.ts';
import { recordMassif } from './massif/recording.ts';
import { massifJson, massifText, noHeap, readHistory } from './massif/views.ts';
import { formatOfName } from './options/result-format.ts';
import { checkTracked, keepIfAsked } from './track/option.ts';
import { wrote } from './wrote.ts';

/** The heap of a program over time. */
export const massif: Command = {
  configure: configureMassif,

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as MassifCommandOptions;
    checkTracked(options, inputs[0] === 'diff' ? 'massif diff' : options.flame ? '--flame' : undefined);
    if (inputs[0] === 'diff' && inputs.length === 3) return diffMassif(call, inputs[1]!, inputs[2]!, options);
    checkUsage(call, inputs, options);
    const format = chosenFormat(call, options);
    const path = options.output ?? defaultName(call, format, options.flame === true);
    const output = openOutput(path, call.world);
    return guarded(call, async (progress) => {
      const { program } = call;
      const recorded = program === undefined ? undefined : await recordMassif(call, program, options, progress);
      for (const note of recorded?.notes ?? []) progress.say(`note: ${note}`);
      const input = recorded?.path ?? inputs[0]!;
      const view: ViewRequest = {
        input,
        format,
        toStdout: output.isStdout,
        recordingNotes: recorded?.notes ?? [],
        calls: recorded?.calls,
      };
      const { chunks, json, done } = await (options.flame ? flameView : ownView)(call, options, view, progress);
      const isJsonApart = call.shared.json && (options.flame || format !== 'json');
      if (!isJsonApart || !output.isStdout) {
        const size = await output.write(chunks);
        if (!output.isStdout) progress.say(wrote(output, size));
      }
      if (isJsonApart) await openOutput('-', call.world).write([jsonText(json())]);
      await keepIfAsked(options, json, progress);
      await done();
      return recorded?.exitCode ?? EXIT.ok;
    });
  },
};

interface ViewRequest {
  readonly input: string;
  readonly format: string;
  readonly toStdout: boolean;
  readonly recordingNotes: readonly string[];
  /** What the recording itself does not hold. */
  readonly calls: AllocationCalls | undefined;
}

interface MassifView {
  readonly chunks: Iterable<string | Uint8Array>;
  /** What `--json` prints. */
  json(): object;
  done(): Promise<void>;
}

/** Graph, tables, chart: all snapshots. */
async function ownView(
  { world }: Call,
  options: MassifCommandOptions,
  { input, format, toStdout, recordingNotes, calls }: ViewRequest,
  progress: Progress,
): Promise<MassifView> {
  const read = await readHistory(input, options, world, format === 'text');
  const recording = calls === undefined ? read : { ...read, calls };
  const { file } = recording;
  for (const note of recording.notes) progress.say(`note: ${note}`);
  const done = async (): Promise<void> => {
    await file.tables?.spool.dispose();
  };
  const json = (): object => massifJson(recording, options, recordingNotes);
  if (format === 'json') return { chunks: [jsonText(json())], json, done };
  if (format !== 'text') {
    const { drawHeapChart } = await import('./massif/chart.ts');
    return { chunks: drawHeapChart(format, file.history, options), json, done };
  }
  const cut = file.tables?.cutNames ?? 0;
  if (cut > 0 && !options.msPrint) {
    progress.say(
      `note: ${cut} ${plural(cut, 'name is', 'names are')} cut at #, as ms_print cuts them; --full-names shows all of them`,
    );
  }
  return { chunks: massifText(recording, options, input, world, toStdout), json, done };
}

/** One snapshot, by everything that draws or writes profiles. */
async function flameView(
  { world }: Call,
  options: MassifCommandOptions,
  { input, format }: ViewRequest,
  progress: Progress,
): Promise<MassifView> {
  const { snapshot, title, color, output } = options;
  tuneEngine();
  const profile = await readProfile(input, {
    ...standardInput(input, world),
    choices: snapshot === undefined ? {} : { snapshot },
  });
  const id = profile.meta.format ?? '';
  if (!HEAP_FORMATS.has(id)) throw noHeap(input, formatById(id).title, input);
  const drawing: FlameOptions = {
    ...flameDefaults(),
    ...(output === undefined ? {} : { output }),
    ...(color === undefined ? {} : { color }),
    title: title ?? HEAP_TITLE,
  };
  const { chunks, notes, done } = await drawFlame(format, drawnHeap(profile, format), drawing, world);
  for (const note of [...profile.meta.notes, ...notes]) progress.say(`note: ${note}`);
  return { chunks, json: () => reportJson(profile), done };
}

function jsonText(result: object): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

function checkUsage(call: Call, inputs: readonly string[], options: MassifCommandOptions): void {
  const { program } = call;
  if (program?.length === 0) throw new UserError('no program follows --', { hint: 'pforge-prof massif -- ./app' });
  if (program !== undefined && inputs.length > 0) {
    throw new UserError('give only one of: a program after --, a file');
  }
  checkWorkload(options, program);
  if (program === undefined && inputs.length === 0) {
    throw new UserError('nothing to read', {
      hint: 'give a program after --, or what massif left; see pforge-prof massif --help',
    });
  }
  if (inputs.length > 1) {
    throw new UserError('massif reads one file', { hint: 'massif diff BEFORE AFTER compares two' });
  }
  if (options.failIfPeakGrows !== undefined) throw new UserError('--fail-if-peak-grows goes with massif diff');
  const unheard = program === undefined ? RECORDING_OPTIONS.find((name) => options[name] !== undefined) : undefined;
  if (unheard !== undefined) {
    const option = `--${unheard.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UserError(`${option} is for recording: there is no program after --`);
  }
  const other = options.rss ? '--rss' : options.tool === undefined || options.tool === 'massif' ? undefined : '--tool';
  if (options.rss && options.tool !== undefined) throw new UserError('give only one of: --rss, --tool');
  const forValgrind = RECORDING_OPTIONS.find((name) => !OF_ALL_RECORDERS.has(name) && options[name] !== undefined);
  if (other !== undefined && forValgrind !== undefined) {
    throw new UserError(`${other === '--rss' ? other : `${other} ${options.tool}`} runs no valgrind`, {
      hint: 'leave the options of valgrind out',
    });
  }
  if (options.stacks && options.pagesAsHeap) {
    throw new UserError('give only one of: --stacks, --pages-as-heap', { hint: 'stacks are pages too' });
  }
  if (options.msPrint && options.fullNames) throw new UserError('ms_print has no --full-names: leave --ms-print out');
}

/** @throws {UserError} a format that the view has not */
function chosenFormat({ shared }: Call, { flame, format, output, msPrint }: MassifCommandOptions): string {
  const known = flame ? [...renderers, ...WRITABLE_FORMATS] : VIEW_FORMATS;
  if (shared.json && format !== undefined && format !== 'json') {
    throw new UserError(`--json and --format ${format} contradict each other`);
  }
  const fallback = flame ? 'svg' : 'text';
  if (shared.json && flame && output === '-') {
    throw new UserError('--json and -o - both want standard output', { hint: 'give -o a file name' });
  }
  const chosen = format ?? formatOfName(output, known) ?? (shared.json && !flame ? 'json' : fallback);
  if (!known.some(({ id }) => id === chosen)) {
    throw new UserError(`the heap over time cannot be written as ${chosen}`, {
      hint: `--flame writes one snapshot so; formats are ${known.map(({ id }) => id).join(', ')}`,
    });
  }
  if (msPrint && (chosen !== 'text' || flame)) throw new UserError('--ms-print is text: it goes with no other format');
  return chosen;
}

/** Text goes to standard output; a picture to a file where a terminal or the program's own output is in its place. */
function defaultName(call: Call, format: string, flame: boolean): string {
  const picture = format === 'svg' || format === 'html';
  const busy = call.program !== undefined || (call.world.stdout.isTTY === true && !call.shared.json);
  return picture && busy ? `${flame ? 'flamegraph' : 'heap'}.${format}` : '-';
}
