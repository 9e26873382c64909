import { EXIT, UserError } from '../errors.ts';
import { type Output, openOutput } from '../output.ts';
import type { Comparison } from '../profile/diff/comparison.ts';
import { noiseWords } from '../render/diff/change-words.ts';
import { diffJson } from '../render/diff/table-json.ts';
import { diffText } from '../render/diff/table-text.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import type { Call, Command } from './command.ts';
import { type Compared, compared } from './diff/compared.ts';
import { drawDiff } from './diff/drawing.ts';
import { diffInputs } from './diff/inputs.ts';
import { configureDiff, DIFF_FORMATS, type DiffFormat, type DiffOptions } from './diff/options.ts';
import { regressionVerdict } from './diff/regression.ts';
import { guarded } from './guarded.ts';
import { withEventFilter } from './inputs/filter-options.ts';
import { showFile } from './opening.ts';
import { pictureFormatOf } from './options/result-format.ts';
import { wrote } from './wrote.ts';

/** Two profiles of any formats against each other: a picture, tables, and an exit code for machines. */
export const diff: Command = {
  configure: configureDiff,

  run(call, args, rawOptions) {
    const options = withEventFilter(rawOptions as unknown as DiffOptions);
    const inputs = diffInputs(call, args, options);
    const sink = chooseSink(call, options);
    return guarded(call, async (progress) => {
      const result = await compared(inputs, options, sink?.format, call.world);
      const { comparison } = result;
      const notes = [...comparison.notes];
      if (sink !== undefined) notes.push(...(await write(sink, result, options, call, progress.say)));
      if (call.shared.json) await openOutput('-', call.world).write(diffJson(comparison, {}));
      if (!call.shared.quiet) summarize(call, comparison, notes, sink);
      if (options.open && sink !== undefined) await showFile(sink.output.name, call, progress.say);
      return gate(comparison, options, progress.say);
    });
  },
};

interface Sink {
  readonly output: Output;
  readonly format: DiffFormat;
}

/** @returns undefined where nothing but JSON on standard output is wanted */
function chooseSink({ world, shared }: Call, options: DiffOptions): Sink | undefined {
  const { output, format: asked, open } = options;
  if (output === undefined && shared.json && !open && (asked === undefined || asked === 'json')) return undefined;
  const format = asked ?? (pictureFormatOf(output, DIFF_FORMATS) as DiffFormat);
  const isPicture = format === 'svg' || format === 'html';
  const classic = options.classic ? '--classic' : options.self ? '--self' : undefined;
  if (classic !== undefined && format !== 'svg') throw new UserError(`${classic} draws SVG, not ${format}`);
  const extension = DIFF_FORMATS.find(({ id }) => id === format)!.extension;
  const path = output ?? (open || (world.stdout.isTTY && isPicture) ? `diff.${extension}` : '-');
  if (path === '-' && open) throw new UserError('--open needs a file', { hint: 'give -o a file name' });
  if (path === '-' && shared.json) {
    throw new UserError('--json and the result both want standard output', { hint: 'give -o a file name' });
  }
  return { output: openOutput(path, world), format };
}

/** @returns what the person must know of the result */
async function write(
  { output, format }: Sink,
  result: Compared,
  options: DiffOptions,
  { world }: Call,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const { chunks, notes } = await drawDiff(format, result, options, world, output.isStdout);
  const size = await output.write(chunks);
  if (!output.isStdout) say(wrote(output, size));
  return notes;
}

/** On standard error: what was lost or guessed, and what changed, unless that is the result itself. */
function summarize(
  { world, shared }: Call,
  comparison: Comparison,
  notes: readonly string[],
  sink: Sink | undefined,
): void {
  const say = (line: string): void => {
    world.stderr.write(`pforge-prof: ${escapeTerminal(line)}\n`);
  };
  for (const note of notes) say(`note: ${note}`);
  const isTold =
    sink === undefined ||
    (sink.output.isStdout && sink.format !== 'svg' && sink.format !== 'html' && sink.format !== 'folded');
  if (!isTold) {
    const width = Math.min(world.stderr.columns || 100, 200);
    world.stderr.write(diffText(comparison, { limit: 10, width, color: shared.color }));
  }
  const noise = noiseWords(comparison);
  if (noise !== undefined) say(noise);
}

/** The exit code of `--fail-on-regression`. */
function gate(comparison: Comparison, { failOnRegression }: DiffOptions, say: (line: string) => void): number {
  if (failOnRegression === undefined) return EXIT.ok;
  const { failed, words } = regressionVerdict(comparison, failOnRegression === true ? 0 : failOnRegression);
  say(words);
  return failed ? EXIT.gateFailed : EXIT.ok;
}
