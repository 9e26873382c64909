import { collectDhat, type DhatOptions } from '../collectors/dhat.ts';
import { EXIT, UserError } from '../errors.ts';
import { readDhat } from '../formats/dhat/read-dhat.ts';
import { openInput } from '../formats/input.ts';
import { openOutput } from '../output.ts';
import { titleOf, totalOf } from '../profile/allocation-points.ts';
import { renderers } from '../render/registry.ts';
import type { Progress } from '../terminal/progress.ts';
import { tuneEngine } from '../tune-engine.ts';
import type { Call, Command } from './command.ts';
import { diffDhat } from './dhat/diff.ts';
import { configureDhat, DHAT_FORMATS, type DhatCommandOptions, RECORDING_OPTIONS } from './dhat/options.ts';
import { dhatJson, dhatProfile, dhatText, metricOf, readPoints } from './dhat/views.ts';
import { drawFlame } from './flame/drawing.ts';
import { type FlameOptions, flameDefaults } from './flame/options.ts';
import { guarded } from './guarded.ts';
import { withAdvice } from './inputs/advice.ts';
import { formatOfName } from './options/result-format.ts';
import { type KeptRecording, keepRecordings } from './record/kept-recordings.ts';
import { checkTracked, keepIfAsked } from './track/option.ts';
import { wrote } from './wrote.ts';

/** What a program allocates, how long it lives, how often it is read and written. */
export const dhat: Command = {
  configure: configureDhat,

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as DhatCommandOptions;
    checkTracked(options, inputs[0] === 'diff' ? 'dhat diff' : undefined);
    if (inputs[0] === 'diff' && inputs.length === 3) return diffDhat(call, inputs[1]!, inputs[2]!, options);
    checkUsage(call, inputs, options);
    const format = chosenFormat(call, options);
    const output = openOutput(options.output ?? defaultName(call, format), call.world);
    return guarded(call, async (progress) => {
      const { program } = call;
      const recorded = program === undefined ? undefined : await recordDhat(call, program, options, progress);
      const notes = recorded?.notes ?? [];
      for (const note of notes) progress.say(`note: ${note}`);
      const path = recorded?.path ?? inputs[0]!;
      const { chunks, done } = await viewOf(
        call,
        { path, format, notes, toStdout: output.isStdout },
        options,
        progress,
      );
      const size = await output.write(chunks);
      await done?.();
      if (!output.isStdout) progress.say(wrote(output, size));
      return recorded?.exitCode ?? EXIT.ok;
    });
  },
};

interface ViewRequest {
  readonly path: string;
  readonly format: string;
  readonly notes: readonly string[];
  readonly toStdout: boolean;
}

interface DhatView {
  readonly chunks: Iterable<string | Uint8Array>;
  readonly done?: () => Promise<void>;
}

async function viewOf(
  { world }: Call,
  { path, format, notes, toStdout }: ViewRequest,
  options: DhatCommandOptions,
  progress: Progress,
): Promise<DhatView> {
  if (format !== 'text' && format !== 'json') tuneEngine();
  const points = await readPoints(path, world);
  await keepIfAsked(options, () => dhatJson(points, options, notes), progress);
  if (format === 'json') return { chunks: [`${JSON.stringify(dhatJson(points, options, notes), null, 2)}\n`] };
  if (format === 'text') return { chunks: dhatText(points, options, world, toStdout) };
  const { output, color, title } = options;
  const drawing: FlameOptions = {
    ...flameDefaults(),
    ...(output === undefined ? {} : { output }),
    ...(color === undefined ? {} : { color }),
    title: title ?? `${points.verb}: ${titleOf(points, metricOf(points, options))}`,
  };
  const profile = withAdvice(
    dhatProfile(
      points,
      options,
      path,
      renderers.some(({ id }) => id === format),
    ),
  );
  const drawn = await drawFlame(format, profile, drawing, world);
  for (const note of [...profile.meta.notes, ...drawn.notes]) progress.say(`note: ${note}`);
  return drawn;
}

/**
 * Records a program and keeps what dhat left.
 * @throws {UserError} as {@link collectDhat}
 */
async function recordDhat(
  { world }: Call,
  program: readonly string[],
  options: DhatCommandOptions,
  progress: Progress,
): Promise<KeptRecording> {
  // Before anything is recorded: whether it can be kept
  openOutput(options.dhatOutFile, world, { option: '--dhat-out-file' });
  const { duration } = options;
  const artefact = await collectDhat(program, options as DhatOptions, {
    ...(duration === undefined ? {} : { durationSeconds: duration }),
    say: progress.say,
    progress: (elapsed: number, detail: string) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
  });
  progress.end();
  const keep = {
    path: options.dhatOutFile,
    all: options.traceChildren === true,
    largest: 'amount of memory',
    measure: async (file: string) => {
      const points = await readDhat(await openInput(file));
      return { bytes: totalOf(points, 'tb'), command: points.command };
    },
  };
  return keepRecordings(artefact, keep, world, progress);
}

function checkUsage({ program }: Call, inputs: readonly string[], options: DhatCommandOptions): void {
  if (program?.length === 0) throw new UserError('no program follows --', { hint: 'pforge-prof dhat -- ./app' });
  if (program !== undefined && inputs.length > 0) {
    throw new UserError('give only one of: a program after --, a file');
  }
  if (program === undefined && inputs.length === 0) {
    throw new UserError('nothing to read', {
      hint: 'give a program after --, or what dhat left; see pforge-prof dhat --help',
    });
  }
  if (inputs.length > 1) {
    throw new UserError('dhat reads one file', { hint: 'dhat diff BEFORE AFTER compares two' });
  }
  const unheard = program === undefined ? RECORDING_OPTIONS.find((name) => options[name] !== undefined) : undefined;
  if (unheard !== undefined) {
    const option = `--${unheard.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UserError(`${option} is for recording: there is no program after --`);
  }
  if (options.failIfGrows !== undefined) throw new UserError('--fail-if-grows goes with dhat diff');
  if (options.dhView && options.tree) throw new UserError('give only one of: --dh-view, --tree');
}

/** @throws {UserError} contradictions */
function chosenFormat({ shared }: Call, { format, output, dhView, tree, flame }: DhatCommandOptions): string {
  if (shared.json && format !== undefined && format !== 'json') {
    throw new UserError(`--json and --format ${format} contradict each other`);
  }
  const chosen = shared.json ? 'json' : (format ?? formatOfName(output, DHAT_FORMATS) ?? (flame ? 'svg' : 'text'));
  const asked = dhView ? '--dh-view' : tree ? '--tree' : undefined;
  if (asked !== undefined && chosen !== 'text') throw new UserError(`${asked} is text: it goes with no other format`);
  return chosen;
}

/** Text goes to standard output; a picture to a file where a terminal or the program's own output is in its place. */
function defaultName(call: Call, format: string): string {
  const picture = format === 'svg' || format === 'html';
  const busy = call.program !== undefined || call.world.stdout.isTTY === true;
  return picture && busy ? `flamegraph.${format}` : '-';
}
