import { EXIT, UserError } from '../errors.ts';
import { formatById, readProfile, writableFormats } from '../formats/registry.ts';
import { type Output, openOutput } from '../output.ts';
import { onInterrupts } from '../processes/interrupts.ts';
import { filter } from '../profile/filter.ts';
import { merge } from '../profile/merge.ts';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { totalWeight } from '../profile/total.ts';
import { formatPercent } from '../profile/units.ts';
import { renderers } from '../render/registry.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import type { World } from '../world.ts';
import type { Call, Command } from './command.ts';
import { configureFlame, type FlameOptions } from './flame-options.ts';
import { type Recording, record } from './recording.ts';

export const flame: Command = {
  configure: configureFlame,

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as FlameOptions;
    const recording = checkUsage(call, inputs, options);
    const sink = chooseSink(call, options, recording);
    const release = onInterrupts(() => process.exit(EXIT.interrupted));
    const progress = startProgress(call.world, call.shared.quiet);
    const said = new Set<string>();
    try {
      const result = recording
        ? await recordOne(call, options, progress, said)
        : { profile: await readAll(inputs, options, call.world), exitCode: EXIT.ok, ending: undefined };
      const profile = select(result.profile, options);
      if (sink !== undefined) await write(sink, profile, options, progress, result.ending);
      const { summarize } = await import('./flame-drawing.ts');
      summarize(call, profile, sink?.format === 'text' && sink.output.isStdout, said);
      return result.exitCode;
    } finally {
      progress.end();
      release();
    }
  },
};

/** @returns true when something is to be recorded, false when files are to be read */
function checkUsage(call: Call, inputs: readonly string[], options: FlameOptions): boolean {
  const { program } = call;
  const sources = [program !== undefined, options.pid !== undefined, inputs.length > 0].filter(Boolean).length;
  if (program?.length === 0) throw new UserError('no program follows --', { hint: 'pforge-prof flame -- node app.js' });
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
  if (options.output === undefined && shared.json && !recording) return undefined;
  const format = options.format ?? formatOfName(options.output);
  // With a program, standard output is the program's: the picture goes to a file.
  const path = options.output ?? (recording || (world.stdout.isTTY && format === 'svg') ? defaultName(format) : '-');
  if (path === '-' && shared.json) {
    throw new UserError('--json and -o - both want standard output', { hint: 'give -o a file name' });
  }
  return { output: openOutput(path, world), format };
}

function formatOfName(path: string | undefined): string {
  const extension = /\.([^./]+)$/.exec(path ?? '')?.[1];
  if (path === undefined || path === '-' || extension === undefined) return 'svg';
  const renderer = renderers.find((candidate) => candidate.extension === extension);
  const format = writableFormats().find((candidate) => candidate.extension === extension);
  return renderer?.id ?? format?.id ?? 'svg';
}

function defaultName(format: string): string {
  if (format === 'svg') return 'flamegraph.svg';
  return format === 'text' ? '-' : `flamegraph.${formatById(format).extension ?? format}`;
}

async function recordOne(call: Call, options: FlameOptions, progress: Progress, said: Set<string>): Promise<Recording> {
  const subject = options.pid === undefined ? { program: call.program ?? [] } : { pid: options.pid };
  const recording = await record(options.collector, subject, {
    frequency: options.freq,
    ...(options.duration === undefined ? {} : { durationSeconds: options.duration }),
    ...(options.callGraph === undefined ? {} : { callGraph: options.callGraph }),
    ...(options.event === undefined ? {} : { event: options.event }),
    say: (line) => {
      said.add(line);
      progress.say(line);
    },
    progress: (elapsed, detail) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  });
  progress.end();
  return recording;
}

async function readAll(inputs: readonly string[], options: FlameOptions, world: World): Promise<Profile> {
  const profiles: Profile[] = [];
  for (const input of inputs) {
    profiles.push(
      await readProfile(input, {
        stdin: world.stdin,
        ...(options.inputFormat === undefined ? {} : { inputFormat: options.inputFormat }),
      }),
    );
  }
  return profiles.length === 1 ? profiles[0]! : merge(profiles);
}

function select(profile: Profile, { focus, ignore, hide }: FlameOptions): Profile {
  if (focus === undefined && ignore === undefined && hide === undefined) return profile;
  const { profile: selected, dropped } = filter(profile, {
    ...(focus === undefined ? {} : { focus }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(hide === undefined ? {} : { hide }),
  });
  if (selected.samples.length === 0) {
    throw new UserError('no sample is left', { hint: 'check --focus and --ignore against the names in the graph' });
  }
  const index = defaultValueIndex(profile);
  const share = `${formatPercent(dropped[index]!, totalWeight(profile), 1)} of the weight`;
  const notes = dropped[index]! > 0 ? [`--focus and --ignore left out ${share}`] : [];
  return { ...selected, meta: { ...selected.meta, notes: [...selected.meta.notes, ...notes] } };
}

async function write(
  { output, format }: Sink,
  profile: Profile,
  options: FlameOptions,
  progress: Progress,
  ending: string | undefined,
): Promise<void> {
  const { drawFlame } = await import('./flame-drawing.ts');
  const size = await output.write(await drawFlame(format, profile, options));
  const notes = ending === undefined ? '' : `; ${ending}`;
  if (output.isStdout) return;
  progress.say(`wrote ${output.name} (${Math.ceil(size / 1024)} KiB, ${profile.samples.length} samples)${notes}`);
}
